"""A reader says that they have read a warning: they can post again."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.lift_sanction import locked_sanction
from belowline.moderation.sanction_models import Sanction


def acknowledge_warning(*, sanction: Sanction, user: User) -> Sanction:
    """Note that a warning was read; doing it twice changes nothing, nor does it for what was lifted meanwhile.

    Raises:
        PermissionDenied: it is somebody else's, or no warning.
    """
    if sanction.user_id != user.pk or sanction.kind != Sanction.Kind.WARN:
        raise PermissionDenied("only who was warned acknowledges a warning")
    with transaction.atomic():
        locked = locked_sanction(sanction.pk)
        if not locked.is_acting:
            return locked
        locked.acknowledged_at = timezone.now()
        locked.save(update_fields=["acknowledged_at"])
        record_event(tags.SANCTION_ACKNOWLEDGED, subject_id=locked.pk, site_id=locked.site_id, actor_id=user.pk)
    return locked
