"""What was done to many comments at once, in sentences."""

from collections import Counter
from typing import NamedTuple

from belowline.moderation.batches import Batch, BatchItem

CAUSES = {
    "not_waiting": "somebody had decided about it meanwhile",
    "not_published": "it was not published any more",
    "not_rejected": "it was not rejected any more",
    "own_comment": "it is your own: a colleague decides",
    "unknown_rule": "its site has no such rule",
    "not_allowed": "your role does not let you do this there",
    "claimed": "a colleague is looking at it",
    "already_tagged": "it had this tag already",
    "already_escalated": "it was escalated already",
    "nobody_to_answer": "nobody there answers escalations",
    "cannot_undo": "something came after it",
    "under_appeal": "its author contests the decision",
    "text_erased": "its text was erased",
}
"""Why a comment was left as it was, by the code that its item keeps."""
DONE = {
    Batch.Act.PUBLISH: "Published",
    Batch.Act.REJECT: "Rejected",
    Batch.Act.HOLD: "Held",
    Batch.Act.REMOVE: "Removed",
    Batch.Act.ESCALATE: "Escalated",
    Batch.Act.TAG: "Tagged",
}


class Left(NamedTuple):
    """How many comments were left for one cause."""

    number: int
    cause: str


def cause_words(cause: str) -> str:
    """Return why a comment was left, as half a sentence."""
    return CAUSES.get(cause) or f"“{cause.replace('_', ' ')}”"


def done_words(batch: Batch) -> str:
    """Return what a batch did, in a sentence without its end."""
    comments = "1 comment" if batch.done == 1 else f"{batch.done:,} comments"
    how = f" “{batch.word}”" if batch.word else ""
    return f"{DONE[Batch.Act(batch.act)]} {comments}{how}"


def left_words(batch: Batch) -> list[Left]:
    """Return why comments of a batch were left as they were, the most frequent cause first."""
    causes = batch.items.filter(state=BatchItem.State.SKIPPED).values_list("cause", flat=True)
    return [Left(count, cause_words(cause)) for cause, count in Counter(causes).most_common()]


def rule_words(batch: Batch) -> str:
    """Return the title of the rule that a batch named, as its first decision has it; empty where it named none."""
    if not batch.rule:
        return ""
    first = batch.items.filter(decision__isnull=False).select_related("decision").first()
    reason = first.decision.first_reason if first and first.decision else None
    return str(reason["title"]) if reason else batch.rule
