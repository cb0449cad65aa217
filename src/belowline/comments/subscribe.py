"""What comments do when something happens to their authors."""

from typing import Any

from django.db.models import F

from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import Event
from belowline.stories.models import Story

SHOWN = frozenset({tags.ACCOUNT_RENAMED, tags.ACCOUNT_CLOSED, tags.ACCOUNT_ROLE_GRANTED, tags.ACCOUNT_ROLE_WITHDRAWN})
"""What changes how an author is shown: by a name, and as one of the staff."""


def on_event(sender: type[Event], event: Event, **_: Any) -> None:
    """Have every page rendered anew on which an account is named, where its name is another one now, or its role."""
    if event.tag in SHOWN:
        shown = Comment.objects.filter(author=event.subject_id, status=Comment.Status.PUBLISHED)
        Story.objects.filter(pk__in=shown.values("story")).update(thread_version=F("thread_version") + 1)
