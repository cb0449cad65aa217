"""A moderator hears a reporter again before the mute is over."""

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require, require_somewhere
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.mute_reporter import weigh_again
from belowline.moderation.errors import ReportError
from belowline.moderation.report_models import ReporterMute


def unmute_reporter(*, mute: ReporterMute, moderator: User) -> ReporterMute:
    """End a mute now; the reporter's open reports weigh again what their record gives them.

    Raises:
        PermissionDenied: their role does not let them: a colleague's mute is lifted by those who may mute everywhere.
        ReportError: `not_muted`: it is over, or somebody has lifted it.
    """
    if mute.muted_by_id == moderator.pk:
        require_somewhere(moderator, Action.MUTE_REPORTER)
    else:
        require(moderator, Action.MUTE_REPORTER)
    with transaction.atomic():
        locked: ReporterMute = ReporterMute.objects.select_for_update().get(pk=mute.pk)
        if locked.lifted_at or locked.ends_at <= timezone.now():
            raise ReportError("This mute is over already.", code="not_muted")
        locked.lifted_at, locked.lifted_by = timezone.now(), moderator
        locked.save(update_fields=["lifted_at", "lifted_by"])
        record_event(tags.REPORTER_UNMUTED, subject_id=locked.reporter_id, actor_id=moderator.pk, mute=locked.pk)
        weigh_again(locked.reporter_id)
    return locked
