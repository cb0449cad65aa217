"""A moderator lifts a measure against a commenter before it ends."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.record_decision import check_words
from belowline.moderation.actions.sanction_commenter import ACTIONS
from belowline.moderation.errors import SanctionError
from belowline.moderation.sanction_models import Sanction, SanctionAppeal

OWN = timedelta(hours=1)
"""So long whoever took a measure may take it back, whatever their role."""


def lift_sanction(*, sanction: Sanction, by: User, reason: str = "") -> Sanction:
    """Lift a measure that holds now; the `reason` (at most 2,000 characters) is for the reader, who is told.

    Lifted within the minute in which nobody is told, it is as if it had never been.

    Raises:
        PermissionDenied: they may not do this there.
        SanctionError: `not_acting` (it is over, or lifted already) or `sanction_contested` (decide the appeal).
        DecidingError: `note_too_long`.
    """
    require(by, action_to_lift(sanction, by), site=sanction.site)
    because = check_words(reason)
    with transaction.atomic():
        locked = locked_sanction(sanction.pk)
        if not locked.is_acting:
            raise SanctionError("This measure is over, or lifted already. Nothing was changed.", code="not_acting")
        if SanctionAppeal.objects.filter(sanction=locked, state=SanctionAppeal.State.OPEN).exists():
            raise SanctionError("Its reader contests it: decide the appeal instead.", code="sanction_contested")
        return lift(locked, by=by, because=because)


def action_to_lift(sanction: Sanction, by: User) -> Action:
    """Return what somebody has to be allowed for lifting a measure: less, where it was theirs just now."""
    is_fresh = timezone.now() - sanction.created_at < OWN
    return ACTIONS[Sanction.Kind(sanction.kind)] if is_fresh and sanction.given_by_id == by.pk else Action.LIFT_SANCTION


def lift(locked: Sanction, *, by: User, because: str) -> Sanction:
    """Write that a measure is lifted; inside a transaction that has locked its row."""
    locked.lifted_at, locked.lifted_by, locked.lifted_because = timezone.now(), by, because
    locked.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    record_event(
        tags.SANCTION_LIFTED,
        subject_id=locked.pk,
        site_id=locked.site_id,
        actor_id=by.pk,
        kind=locked.kind,
        user=locked.user_id,
    )
    return locked


def locked_sanction(sanction_id: int) -> Sanction:
    """Return a measure as it is now, with its row locked: whoever decides about it does so one after the other."""
    locked = Sanction.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("user", "site", "comment__story__site").get(pk=sanction_id)
