"""A colleague ticks a handover note off: it has been seen to."""

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import HandoverError
from belowline.moderation.handover import Handover, handovers_for


def close_handover(*, note: Handover, by: User) -> Handover:
    """Tick the note off; whoever it concerns may, and it stays in the list of earlier ones.

    Raises:
        PermissionDenied: no moderator.
        HandoverError: `handover_closed`: somebody was faster, or it does not concern them.
    """
    return turn_handover(note, by, is_closed=True)


def turn_handover(note: Handover, by: User, *, is_closed: bool) -> Handover:
    """Tick a note off, or open it again.

    Raises:
        PermissionDenied: no moderator.
        HandoverError: `handover_closed`: it is so already, or it does not concern them.
    """
    require_somewhere(by, Action.WRITE_HANDOVER)
    with transaction.atomic():
        rows = handovers_for(by).select_related(None).select_for_update(no_key=True)
        locked = rows.filter(pk=note.pk, closed_at__isnull=is_closed).first()
        if locked is None:
            raise HandoverError(
                "Somebody was faster: nothing was changed. Look at the list again.", code="handover_closed"
            )
        locked.closed_by, locked.closed_at = (by, timezone.now()) if is_closed else (None, None)
        locked.save(update_fields=["closed_by", "closed_at"])
        tag = tags.HANDOVER_CLOSED if is_closed else tags.HANDOVER_REOPENED
        record_event(tag, subject_id=note.pk, site_id=locked.site_id, actor_id=by.pk)
    return locked
