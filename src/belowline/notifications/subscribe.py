"""Which events lead to which notice."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from belowline.events import tags
from belowline.events.models import Event
from belowline.notifications.promises import mail_broken_promise
from belowline.notifications.tasks import mail_appeal, mail_decision

GRACE = timedelta(seconds=60)
"""A moderator may undo meanwhile; then nothing is sent."""
DECIDED = frozenset({tags.COMMENT_PUBLISHED, tags.COMMENT_REJECTED, tags.COMMENT_REMOVED})
SETTLED = frozenset({tags.APPEAL_UPHELD, tags.APPEAL_OVERTURNED})


def on_event(sender: type[Event], event: Event, **_: Any) -> None:
    """Enqueue a mail: to the author about a decision or an appeal, to those in charge about a broken promise."""
    by_person = event.actor_id is not None
    if by_person and event.tag in DECIDED:
        mail_decision.using(run_after=timezone.now() + GRACE).enqueue(event.data["decision"])
    elif event.tag in SETTLED:
        # At once: what settles an appeal cannot be undone.
        mail_appeal.enqueue(event.subject_id)
    elif event.tag == tags.STORY_REJUDGED:
        # They were told that a person looks, and that they hear of it.
        for decision in event.data["published"]:
            mail_decision.enqueue(decision)
    elif says_of_a_broken_promise(event):
        mail_broken_promise.enqueue(event.pk)


def says_of_a_broken_promise(event: Event) -> bool:
    """Say whether the machine has widened a band, or voided a certificate and could or need not widen one."""
    widened = event.tag == tags.POLICY_ACTIVATED and "widens" in event.data
    return widened or (event.tag == tags.CERTIFICATE_VOIDED and event.data["widened_to"] is None)
