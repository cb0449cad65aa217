"""A moderator does not want to hear a reporter for a time: too many reports were made in bad faith."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import ReportError
from belowline.moderation.models import Report
from belowline.moderation.queueing import requeue
from belowline.moderation.report_models import ReporterMute
from belowline.moderation.report_weights import tally_reports

DAYS = (7, 30, 90, 365)
"""For so long somebody may be muted."""
REASON_CHARACTERS = 300


def mute_reporter(*, report: Report, moderator: User, days: int, reason: str) -> ReporterMute:
    """Receive no reports from whoever made this one for 7, 30, 90 or 365 days; their open ones weigh nothing meanwhile.

    The reader is told the reason, up to 300 characters, when they report again. What breaks the law they may still
    give notice of.

    Raises:
        PermissionDenied: their role does not let them mute reporters where the reported comment stands.
        ReportError: `unknown_days`, `mute_reason_required`, `mute_reason_too_long`, `already_muted` or `own_report`.
    """
    story = report.comment.story
    require(moderator, Action.MUTE_REPORTER, site=story.site_id, section=story.section)
    words = _check(report, moderator, days, reason)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=report.reporter_id)
        if ReporterMute.objects.in_force().filter(reporter=report.reporter_id).exists():
            raise ReportError("This reader's reports are muted already.", code="already_muted")
        mute: ReporterMute = ReporterMute.objects.create(
            reporter_id=report.reporter_id,
            reason=words,
            muted_by=moderator,
            ends_at=timezone.now() + timedelta(days=days),
        )
        record_event(tags.REPORTER_MUTED, subject_id=report.reporter_id, actor_id=moderator.pk, mute=mute.pk, days=days)
        weigh_again(report.reporter_id)
    return mute


def _check(report: Report, moderator: User, days: int, reason: str) -> str:
    """Return the reason without blanks around it."""
    words = reason.strip()
    if report.reporter_id == moderator.pk:
        raise ReportError("These are your own reports.", code="own_report")
    if days not in DAYS:
        raise ReportError("Choose for how long.", code="unknown_days")
    if not words:
        raise ReportError("Say why: the reader is told.", code="mute_reason_required")
    if len(words) > REASON_CHARACTERS:
        raise ReportError(
            f"Your words have {len(words):,} characters; at most {REASON_CHARACTERS} fit.", code="mute_reason_too_long"
        )
    return words


def weigh_again(reporter_id: int) -> None:
    """Weigh anew what somebody's open reports are about; call it inside a transaction."""
    reported = Comment.objects.filter(reports__reporter=reporter_id, reports__state=Report.State.OPEN).order_by("pk")
    for comment in reported.select_for_update(of=("self",), no_key=True):
        tally_reports(comment)
        requeue(comment)
