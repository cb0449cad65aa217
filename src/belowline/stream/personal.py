"""What is personal on a page that is otherwise the same for everybody: small, and in one attribute of it."""

import json
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest

from belowline.accounts.models import Mute, User
from belowline.comments.models import Recommendation


def personal_data(request: HttpRequest, comments: Collection[int]) -> str:
    """Return as JSON what the signed-in reader has to do with these comments; empty for everybody else.

    `recommended` are ids of comments, `muted` ids of authors.
    """
    if not isinstance(request.user, User):
        return ""
    return json.dumps(_mine(request.user, comments), separators=(",", ":"))


def _mine(reader: User, comments: Collection[int]) -> dict[str, Any]:
    recommended = Recommendation.objects.filter(user=reader, comment__in=comments)
    muted = Mute.objects.filter(user=reader, muted__comments__in=comments).distinct()
    return {
        "recommended": sorted(recommended.values_list("comment_id", flat=True)),
        "muted": sorted(muted.values_list("muted_id", flat=True)),
    }
