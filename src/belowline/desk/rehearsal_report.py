"""What the desk shows of a rehearsal: figures, plots, and the comments that change sides, with their texts."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from belowline.comments.models import Comment
from belowline.engine.decision import Outcome
from belowline.engine.policy import Policy
from belowline.engine.policy_changes import policy_changes
from belowline.engine.rehearsal import KIND_WORDS, Change, Rehearsal, RuleFigures, Split
from belowline.engine.rehearsal_chart import outcomes_chart, scores_chart
from belowline.engine.standing import OUTCOMES

NAMES = {Outcome.PUBLISH: "Published", Outcome.HOLD: "Held", Outcome.REJECT: "Rejected"}
BADGES = {Outcome.PUBLISH: "published", Outcome.HOLD: "held", Outcome.REJECT: "rejected"}
"""The style of each outcome's badge."""


class OutcomeRow(NamedTuple):
    """One outcome under both policies."""

    name: str
    before: Split
    after: Split


class Plot(NamedTuple):
    """A drawing with its title."""

    title: str
    drawn: SafeString


class ChangedComment(NamedTuple):
    """A comment that changes sides, as the page shows it."""

    comment: Comment | None
    """None: it is gone."""
    url: str
    """Where it can be read in its place; empty: nowhere."""
    change: Change
    kind: str
    before: tuple[str, str]
    """Name and style of the outcome, as in `after`."""
    after: tuple[str, str]
    rules: list[str]
    is_hoped_for: bool


def report_context(found: Rehearsal, before: Policy, after: Policy) -> dict[str, Any]:
    """Return the template's context for a rehearsal."""
    rules = [rule for rule in found.rules.values() if _is_met(rule)]
    return {
        "found": found,
        "before": before,
        "after": after,
        "changes": policy_changes(before, after),
        "outcomes": [OutcomeRow(NAMES[one], found.before.of(one), found.after.of(one)) for one in OUTCOMES],
        "acting": [rule for rule in rules if not _last(rule).background],
        "background": [rule for rule in rules if _last(rule).background],
        "plots": _plots(found),
        "kinds": [(KIND_WORDS[kind], number) for kind, number in found.kinds.items() if number],
        "changed": _comments(found),
    }


def _last(rule: RuleFigures) -> Any:
    return rule.after or rule.before


def _is_met(rule: RuleFigures) -> bool:
    return any(side is not None and side.met.total for side in (rule.before, rule.after))


def _plots(found: Rehearsal) -> list[Plot]:
    """Return the drawings; all words in them are escaped where they are drawn."""
    plots = [Plot("What becomes of the comments", mark_safe(outcomes_chart(found)))]  # noqa: S308
    plots += [
        Plot(f"{rule.title}: scores and threshold", mark_safe(scores_chart(rule)))  # noqa: S308
        for rule in found.rules.values()
        if rule.scores and rule.after
    ]
    return plots if found.comments else []


def _comments(found: Rehearsal) -> list[ChangedComment]:
    ids = [int(change.key) for change in found.changes]
    comments = Comment.objects.select_related("author", "story").in_bulk(ids)
    return [_changed(comments.get(int(change.key)), change, found) for change in found.changes]


def _changed(comment: Comment | None, change: Change, found: Rehearsal) -> ChangedComment:
    return ChangedComment(
        comment=comment,
        url=_place(comment) if comment else "",
        change=change,
        kind=KIND_WORDS[change.kind],
        before=(NAMES[change.before], BADGES[change.before]),
        after=(NAMES[change.after], BADGES[change.after]),
        rules=[found.rules[code].title for code in change.rules if code in found.rules],
        is_hoped_for=change.kind in {"good_eased", "bad_stopped"},
    )


def _place(comment: Comment) -> str:
    if comment.status == Comment.Status.HELD:
        return f"{reverse('desk')}?comment={comment.pk}"
    if comment.is_public:
        return f"{reverse('thread', args=[comment.story_id])}#c-{comment.pk}"
    return ""
