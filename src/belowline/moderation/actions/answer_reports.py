"""Open reports of a comment get their answer, each with an event: its reporter is told."""

from django.utils import timezone

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.models import Decision, Report
from belowline.moderation.report_weights import tally_reports

ANSWERS = {Report.State.ACCEPTED: tags.REPORT_ACCEPTED, Report.State.DECLINED: tags.REPORT_DECLINED}


def answer_reports(*, comment: Comment, by: User | None, removal: Decision | None) -> list[Report]:
    """Accept the open reports of a comment that `removal` takes from readers, or decline them where it is None.

    Call it inside a transaction that has locked the comment's row. `by` is None where the machine decided.
    """
    state = Report.State.ACCEPTED if removal else Report.State.DECLINED
    waiting = list(Report.objects.filter(comment=comment, state=Report.State.OPEN).order_by("pk"))
    now = timezone.now()
    for report in waiting:
        # One moment for all: they were answered at once, which report_weights counts as once.
        report.state, report.decided_by, report.decided_at = state, by, now
        report.save(update_fields=["state", "decided_by", "decided_at"])
        record_event(
            ANSWERS[state],
            subject_id=report.pk,
            site_id=comment.story.site_id,
            actor_id=by.pk if by else None,
            **({"decision": removal.pk} if removal else {}),
        )
    tally_reports(comment)
    return waiting
