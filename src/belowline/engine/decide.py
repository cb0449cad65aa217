"""Pure: a policy and the scores in, the outcome and its reasons out."""

from collections.abc import Mapping
from typing import NamedTuple

from belowline.engine.decision import Decision, Outcome, Reason, Score, Unchecked
from belowline.engine.explain import CAUSES, UNJUDGED, explain
from belowline.engine.policy import DESKS, Policy
from belowline.engine.standing import OUTCOMES, Met, Standing
from belowline.engine.submission import Submission

SEVERITY = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}
MISSING = Score.unchecked("not_measured")
NO_HEAD = {"newsroom_refusal": Score.unchecked("no_head")}
"""The score that only a newsroom has whose machine has learned from it."""
ENGINE_FAILED = "engine_failed"
"""The rule, and the cause, where nothing could be judged."""


class Verdict(NamedTuple):
    """The outcome, every rule that was met, and what could not be checked."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    noted: tuple[Reason, ...]
    unchecked: tuple[Unchecked, ...]


def hold_unjudged(policy_version: str) -> Decision:
    """Return the decision for a comment that could not be judged at all: a person looks at it."""
    reason = Reason(
        rule=ENGINE_FAILED,
        outcome=Outcome.HOLD,
        signal="engine",
        score=None,
        threshold=0.0,
        explanation=UNJUDGED.format(cause=CAUSES[ENGINE_FAILED]),
    )
    return Decision(
        outcome=Outcome.HOLD,
        reasons=(reason,),
        scores={},
        unchecked=(Unchecked("engine", ENGINE_FAILED),),
        language="",
        policy=policy_version,
        model="none",
    )


def decide(policy: Policy, scores: Mapping[str, Score], submission: Submission) -> Verdict:
    """Apply every rule; the gravest outcome wins, and all reasons are kept, the gravest first.

    Of equals, those for the moderators come first: a comment goes to the desk of its first reason, and what may be
    abuse is never somebody else's post. A comment that is of another kind, such as a correction, is not off topic.
    """
    story = submission.story
    found = Standing(policy).judge(
        {name: score.value for name, score in scores.items()},
        story.section if story else "",
        {name: score.cause for name, score in scores.items()},
        judges_topic=story.judges_topic if story else True,
    )
    met, noted = ([reason_of(policy, one, scores, submission) for one in kind] for kind in (found.met, found.noted))
    met.sort(key=lambda reason: (-SEVERITY[reason.outcome], DESKS.index(reason.desk), -_excess(reason)))
    return Verdict(OUTCOMES[found.rank], tuple(met), tuple(noted), unmeasured(policy, scores))


def find_score(scores: Mapping[str, Score], name: str) -> Score:
    """Return a score; where nothing measured it, one that is unchecked and says why."""
    return scores.get(name) or NO_HEAD.get(name, MISSING)


def reason_of(policy: Policy, met: Met, scores: Mapping[str, Score], submission: Submission) -> Reason:
    """Return why a rule was met, with the passage and the sentence for the author."""
    rule = policy.rules[met.code]
    score = find_score(scores, rule.score)
    span = max(score.spans, key=lambda span: (span.score, span.start - span.end), default=None)
    return Reason(
        rule=met.code,
        outcome=OUTCOMES[met.rank],
        signal=rule.score,
        score=score.value,
        threshold=met.threshold,
        start=span.start if span else None,
        end=span.end if span else None,
        explanation=explain(rule, score, span, submission),
        desk=rule.desk if met.is_measured else DESKS[0],
    )


def unmeasured(policy: Policy, scores: Mapping[str, Score]) -> tuple[Unchecked, ...]:
    """Return what could not be computed, and what a rule asks for but nothing measures."""
    names = dict.fromkeys((*scores, *(rule.score for rule in policy.rules.values())))
    found = ((name, find_score(scores, name)) for name in names)
    return tuple(Unchecked(name, score.cause) for name, score in found if score.value is None)


def _excess(reason: Reason) -> float:
    """How far above its threshold, as a share of the room above it; an unchecked one comes last."""
    if reason.score is None:
        return -1.0
    room = 1.0 - reason.threshold
    return (reason.score - reason.threshold) / room if room else 1.0
