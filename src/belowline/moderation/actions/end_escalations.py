"""A person has decided about a comment: what was asked about it has ended; where that is taken back, it waits again."""

from belowline.accounts.models import User
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.escalation_models import Escalation
from belowline.moderation.models import Decision


def end_escalations(*, decision: Decision, by: User) -> list[Escalation]:
    """End what is open about a decision's comment; call it in the transaction that has locked the comment's row."""
    found = list(Escalation.objects.filter(comment=decision.comment_id, state=Escalation.State.OPEN).order_by("pk"))
    for row in found:
        row.decision = decision
        row.end(Escalation.State.DECIDED, by)
        _record(tags.ESCALATION_DECIDED, row, decision, by)
    return found


def reopen_escalations(*, decision: Decision, by: User) -> list[Escalation]:
    """Let what a decision ended wait again, as it is taken back; inside the same transaction."""
    found = list(Escalation.objects.filter(decision=decision, state=Escalation.State.DECIDED).order_by("pk"))
    for row in found:
        row.reopen()
        _record(tags.ESCALATION_REOPENED, row, decision, by)
    return found


def _record(tag: str, row: Escalation, decision: Decision, by: User) -> None:
    record_event(tag, subject_id=row.pk, site_id=decision.comment.story.site_id, actor_id=by.pk, decision=decision.pk)
