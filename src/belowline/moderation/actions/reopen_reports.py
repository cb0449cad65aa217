"""A moderator takes back how reports were answered: they wait again."""

from datetime import datetime

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import ReportError
from belowline.moderation.models import Report
from belowline.moderation.queueing import requeue
from belowline.moderation.report_weights import tally_reports


def reopen_reports(*, comment: Comment, moderator: User) -> list[Report]:
    """Let the reports wait again against which a comment was kept; a removal is taken back by `undo_decision`.

    Raises:
        PermissionDenied: no moderator of that place, or a colleague answered them.
        ReportError: `nothing_to_reopen`: the comment is gone, or nobody kept it against a report.
    """
    require(moderator, Action.ANSWER_REPORTS, site=comment.story.site_id, section=comment.story.section)
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
        answered = Report.objects.filter(comment=locked, state=Report.State.DECLINED)
        if locked.is_public and answered.exclude(decided_by=moderator).filter(decided_by__isnull=False).exists():
            require(moderator, Action.UNDO_OTHERS, site=locked.story.site_id, section=locked.story.section)
        reopened = reopen(comment=locked, state=Report.State.DECLINED, by=moderator) if locked.is_public else []
        if not reopened:
            raise ReportError("There is nothing here that could be taken back.", code="nothing_to_reopen")
    return reopened


def reopen(*, comment: Comment, state: Report.State, by: User, since: datetime | None = None) -> list[Report]:
    """Let the reports of a comment wait again that have this state, and were answered since then where that matters.

    Call it inside a transaction that has locked the comment's row.
    """
    rows = Report.objects.filter(comment=comment, state=state)
    found = list((rows.filter(decided_at__gte=since) if since else rows).order_by("pk"))
    for report in found:
        report.state, report.decided_by, report.decided_at = Report.State.OPEN, None, None
        report.save(update_fields=["state", "decided_by", "decided_at"])
        record_event(tags.REPORT_REOPENED, subject_id=report.pk, site_id=comment.story.site_id, actor_id=by.pk)
    if found:
        requeue(comment)
    tally_reports(comment)
    return found
