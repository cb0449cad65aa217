"""Which events lead to which notice."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from belowline.events import tags
from belowline.events.models import Event
from belowline.notifications.tasks import mail_decision

GRACE = timedelta(seconds=60)
"""A moderator may undo meanwhile; then nothing is sent."""


def on_event(sender: type[Event], event: Event, **_: Any) -> None:
    """Enqueue a mail to the author when a person has decided about their comment, or the engine has after all."""
    by_person = event.actor_id is not None
    if by_person and event.tag in {tags.COMMENT_PUBLISHED, tags.COMMENT_REJECTED, tags.COMMENT_REMOVED}:
        mail_decision.using(run_after=timezone.now() + GRACE).enqueue(event.data["decision"])
    if event.tag == tags.STORY_REJUDGED:
        # They were told that a person looks, and that they hear of it.
        for decision in event.data["published"]:
            mail_decision.enqueue(decision)
