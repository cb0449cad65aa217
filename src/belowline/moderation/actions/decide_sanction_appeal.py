"""A moderator who did not take a measure upholds or overturns it after its reader contested it."""

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, people_who_may, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.lift_sanction import lift, locked_sanction
from belowline.moderation.actions.record_decision import check_words
from belowline.moderation.errors import SanctionError
from belowline.moderation.sanction_models import Sanction, SanctionAppeal

State = SanctionAppeal.State
TAGS = {State.UPHELD: tags.SANCTION_UPHELD, State.OVERTURNED: tags.SANCTION_OVERTURNED}


def decide_sanction_appeal(
    *, appeal: SanctionAppeal, moderator: User, state: SanctionAppeal.State, reason: str
) -> SanctionAppeal:
    """Settle an open appeal with a reason for the reader; an overturned measure is lifted, also in the record.

    Raises:
        PermissionDenied: they may not decide appeals there.
        SanctionError: `sanction_appeal_settled` (it waits no longer), `own_sanction` (another moderator must decide)
            or `reason_required`.
        DecidingError: `note_too_long`.
    """
    require(moderator, Action.DECIDE_APPEAL, site=appeal.sanction.site)
    reason = check_words(reason)
    if not reason:
        raise SanctionError("Write the reason; the reader reads it.", code="reason_required")
    with transaction.atomic():
        sanction = locked_sanction(appeal.sanction_id)
        locked = SanctionAppeal.objects.get(pk=appeal.pk)
        if locked.state != State.OPEN:
            raise SanctionError("This appeal waits no longer. Nothing was changed.", code="sanction_appeal_settled")
        if why := why_not_decide(sanction, moderator):
            raise SanctionError(why, code="own_sanction")
        locked.state, locked.reason, locked.decided_by, locked.decided_at = state, reason, moderator, timezone.now()
        locked.save(update_fields=["state", "reason", "decided_by", "decided_at"])
        if state == State.OVERTURNED:
            lift(sanction, by=moderator, because=reason)
        record_event(TAGS[state], subject_id=sanction.pk, site_id=sanction.site_id, actor_id=moderator.pk)
    return locked


def why_not_decide(sanction: Sanction, moderator: User) -> str:
    """Return why this moderator must leave the appeal to others, as a sentence; empty: they may decide it."""
    if sanction.given_by_id != moderator.pk:
        return ""
    others = people_who_may(Action.DECIDE_APPEAL, site=sanction.site).exclude(pk=moderator.pk)
    return "You took this measure: another moderator decides." if others.exists() else ""
