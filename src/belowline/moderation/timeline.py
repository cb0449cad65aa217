"""What happened to a comment, step by step, as its author reads it: no moderator is named."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belowline.comments.models import Comment
from belowline.moderation.appeals import was_first_decider
from belowline.moderation.models import Appeal, Decision
from belowline.moderation.premoderation import told
from belowline.moderation.redress import is_unchecked

DONE = {
    Decision.Outcome.PUBLISH: _("Published"),
    Decision.Outcome.HOLD: _("Held for a moderator"),
    Decision.Outcome.REJECT: _("Not published"),
    Decision.Outcome.REMOVE: _("Removed"),
}
UNDONE = {
    Decision.Outcome.PUBLISH: _("Taken back: it is published again"),
    Decision.Outcome.HOLD: _("Taken back: it waits for a moderator again"),
}


class Step(NamedTuple):
    """One thing that happened."""

    at: datetime
    title: str
    by: str = ""
    """`by machine`, `by a person`, or empty: by the author."""
    rules: tuple[str, ...] = ()
    """The titles of the rules that were met; not of those that could not be checked."""
    words: str = ""
    """What the author or the moderator wrote: untrusted."""
    remark: str = ""


def timeline(comment: Comment) -> list[Step]:
    """Return the steps of a comment of `queries.with_history`, the first one first."""
    history: list[Decision] = comment.history  # type: ignore[attr-defined] # with_history sets it
    steps = [
        Step(comment.created_at, gettext("Second version written") if comment.resubmits_id else gettext("Written"))
    ]
    later = comment.revisions.order_by("id").values_list("created_at", flat=True)[1:]
    steps += [Step(changed, gettext("You edited it")) for changed in later]
    for decision in history:
        if not hasattr(decision, "settles"):
            steps.append(_decided(decision))
        if hasattr(decision, "appeal"):
            steps += _contested(decision.appeal, decision)
    if hasattr(comment, "resubmission"):
        steps.append(Step(comment.resubmission.created_at, gettext("You posted a second version")))
    if comment.status == Comment.Status.DELETED:
        steps.append(Step(comment.changed_at, gettext("You deleted it")))
    return sorted(steps, key=lambda step: step.at)


def _decided(decision: Decision) -> Step:
    outcome = Decision.Outcome(decision.outcome)
    if decision.undoes_id:
        return Step(decision.created_at, str(UNDONE.get(outcome, DONE[outcome])), decision.get_maker_display())
    return Step(
        decision.created_at,
        str(DONE[outcome]),
        decision.get_maker_display(),
        tuple(told(reason)[0] for reason in decision.reasons if not is_unchecked(decision, reason)),
        decision.note_to_author,
    )


def _contested(appeal: Appeal, decision: Decision) -> list[Step]:
    """Return that the decision was contested, and how that ended."""
    appeal.decision = decision
    steps = [Step(appeal.created_at, gettext("You contested this"), words=appeal.text_source)]
    if appeal.decided_at is not None:
        overturned = appeal.state == Appeal.State.OVERTURNED
        steps.append(
            Step(
                appeal.decided_at,
                gettext("Published after your appeal")
                if overturned
                else gettext("The decision stands after your appeal"),
                str(Decision.Maker.PERSON.label),
                words=appeal.reason,
                remark=gettext("The moderator who decided first decided again, because there was no other.")
                if was_first_decider(appeal)
                else "",
            )
        )
    return steps
