"""For how long authors may edit what they posted: a few minutes, as long as no person has decided about it."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from belowline.accounts.models import User
from belowline.comments.errors import PostingError
from belowline.comments.models import Comment
from belowline.moderation.models import Decision

EDITABLE = (Comment.Status.PUBLISHED, Comment.Status.HELD)


def check_editable(comment: Comment) -> None:
    """Check that its author may change a comment now.

    Raises:
        PostingError: `edit_window_over` or `cannot_edit`.
    """
    if comment.status not in EDITABLE:
        raise PostingError(_("This comment cannot be edited any more."), code="cannot_edit")
    if Decision.objects.filter(comment=comment, maker=Decision.Maker.PERSON).exists():
        raise PostingError(
            _("A moderator has decided about this comment, so it cannot be edited any more."), code="cannot_edit"
        )
    if seconds_left(comment.created_at, timezone.now()) <= 0:
        raise PostingError(
            _("The time for editing this comment is over. You can delete it, or post another one."),
            code="edit_window_over",
        )


def seconds_left(created_at: datetime, now: datetime) -> int:
    """Return for how many seconds a comment of this time may still be edited; 0: it is over."""
    until = created_at + timedelta(seconds=settings.EDIT_WINDOW_SECONDS)
    return max(0, math.ceil((until - now).total_seconds()))


def editable_seconds(author: User, comment_ids: Iterable[int]) -> dict[int, int]:
    """Return which of these comments their author may edit, with the seconds that are left."""
    now = timezone.now()
    by_person = Decision.objects.filter(maker=Decision.Maker.PERSON).values("comment")
    rows = (
        Comment.objects.filter(pk__in=list(comment_ids), author=author, status__in=EDITABLE)
        .filter(created_at__gt=now - timedelta(seconds=settings.EDIT_WINDOW_SECONDS))
        .exclude(pk__in=by_person)
    )
    return {pk: seconds_left(written, now) for pk, written in rows.values_list("pk", "created_at")}
