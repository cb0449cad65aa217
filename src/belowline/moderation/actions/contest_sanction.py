"""A reader contests a measure against their account."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.lift_sanction import locked_sanction
from belowline.moderation.actions.submit_appeal import MAX_APPEAL_CHARACTERS
from belowline.moderation.errors import SanctionError
from belowline.moderation.sanction_models import Sanction, SanctionAppeal
from belowline.moderation.sanctions import contest_until


def contest_sanction(*, sanction: Sanction, user: User, text_source: str = "") -> SanctionAppeal:
    """Contest a measure, once, within the days that the policy gives; it holds until somebody decides.

    Raises:
        PermissionDenied: it is somebody else's.
        SanctionError: `contest_too_long`, `contested_before`, `contest_too_late` or `not_acting` (it was lifted).
    """
    if sanction.user_id != user.pk:
        raise PermissionDenied("only who is concerned contests a measure")
    if len(text_source) > MAX_APPEAL_CHARACTERS:
        raise SanctionError(_too_long(len(text_source)), code="contest_too_long")
    with transaction.atomic():
        locked = locked_sanction(sanction.pk)
        _check(locked)
        appeal = SanctionAppeal.objects.create(sanction=locked, text_source=text_source.strip())
        record_event(tags.SANCTION_CONTESTED, subject_id=locked.pk, site_id=locked.site_id, actor_id=user.pk)
    return appeal


def _check(sanction: Sanction) -> None:
    if hasattr(sanction, "appeal"):
        raise SanctionError(
            gettext("You have contested this already. It can be contested once."), code="contested_before"
        )
    if sanction.lifted_at:
        raise SanctionError(gettext("There is nothing to contest: this was lifted."), code="not_acting")
    if contest_until(sanction) is None:
        raise SanctionError(gettext("The time for contesting this is over."), code="contest_too_late")


def _too_long(length: int) -> str:
    return gettext("Your explanation has %(length)s characters; at most %(most)s fit here.") % {
        "length": number_format(length, force_grouping=True),
        "most": number_format(MAX_APPEAL_CHARACTERS, force_grouping=True),
    }
