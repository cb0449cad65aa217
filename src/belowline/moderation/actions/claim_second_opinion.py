"""A moderator takes the next decision of a colleague's to give an opinion on; for half an hour, nobody else gets it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.second_opinions import SecondOpinion, opinions_for

CLAIM = timedelta(minutes=30)


def claim_second_opinion(*, moderator: User) -> SecondOpinion | None:
    """Return what the moderator has claimed, or claim what waits longest; None: nothing waits for them.

    Raises:
        PermissionDenied: they may audit nowhere.
    """
    require_somewhere(moderator, Action.AUDIT)
    now = timezone.now()
    waiting = opinions_for(moderator, now).order_by(F("claimed_until").desc(nulls_last=True), "id")
    if (own := waiting.filter(giver=moderator, claimed_until__gt=now).first()) is not None:
        return own
    with transaction.atomic():
        # Who is locked out takes the next one.
        free = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
        if free is None:
            return None
        free.giver, free.claimed_until = moderator, now + CLAIM
        free.save(update_fields=["giver", "claimed_until"])
        site_id = free.decision.comment.story.site_id
        record_event(tags.OPINION_CLAIMED, subject_id=free.pk, site_id=site_id, actor_id=moderator.pk)
    return free
