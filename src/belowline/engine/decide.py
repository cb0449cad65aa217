"""Pure: a policy and the scores in, the outcome and its reasons out."""

from collections.abc import Mapping
from typing import NamedTuple

from belowline.engine.decision import Decision, Outcome, Reason, Score, Unchecked
from belowline.engine.explain import CAUSES, explain
from belowline.engine.policy import DESKS, Policy, Rule
from belowline.engine.submission import Submission

SEVERITY = {Outcome.PUBLISH: 0, Outcome.HOLD: 1, Outcome.REJECT: 2}
MISSING = Score.unchecked("not_measured")
OFF_TOPIC = "off_topic"
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
        explanation=f"A person looks at this comment, because {CAUSES[ENGINE_FAILED]}.",
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
    section = submission.story.section if submission.story else ""
    met: list[Reason] = []
    noted: list[Reason] = []
    for code, rule in policy.rules.items():
        if not rule.applies_to(section) or _is_switched_off(rule, submission):
            continue
        reason = meet(code, rule, find_score(scores, rule.score), submission)
        if reason is not None:
            (noted if rule.background else met).append(reason)
    if any(policy.rules[reason.rule].stands_for_off_topic for reason in (*met, *noted) if reason.score is not None):
        met = [reason for reason in met if reason.signal != OFF_TOPIC or reason.score is None]
    met.sort(key=lambda reason: (-SEVERITY[reason.outcome], DESKS.index(reason.desk), -_excess(reason)))
    outcome = max((reason.outcome for reason in met), key=SEVERITY.__getitem__, default=Outcome.PUBLISH)
    return Verdict(outcome, tuple(met), tuple(noted), unmeasured(policy, scores))


def find_score(scores: Mapping[str, Score], name: str) -> Score:
    """Return a score; where nothing measured it, one that is unchecked and says why."""
    return scores.get(name) or NO_HEAD.get(name, MISSING)


def meet(code: str, rule: Rule, score: Score, submission: Submission) -> Reason | None:
    """Return the reason if the score meets the rule, or cannot be known and the rule then holds."""
    section = submission.story.section if submission.story else ""
    hold, reject = rule.hold_from(section), rule.reject_from(section)
    outcome, threshold = Outcome.HOLD, hold
    if score.value is None:
        if not rule.holds_unchecked(score.cause):
            return None
    elif reject is not None and score.value >= reject:
        outcome, threshold = Outcome.REJECT, reject
    elif score.value < hold:
        return None
    span = max(score.spans, key=lambda span: (span.score, span.start - span.end), default=None)
    return Reason(
        rule=code,
        outcome=outcome,
        signal=rule.score,
        score=score.value,
        threshold=threshold,
        start=span.start if span else None,
        end=span.end if span else None,
        explanation=explain(rule, score, span, submission),
        desk=rule.desk if score.value is not None else DESKS[0],
    )


def unmeasured(policy: Policy, scores: Mapping[str, Score]) -> tuple[Unchecked, ...]:
    """Return what could not be computed, and what a rule asks for but nothing measures."""
    names = dict.fromkeys((*scores, *(rule.score for rule in policy.rules.values())))
    found = ((name, find_score(scores, name)) for name in names)
    return tuple(Unchecked(name, score.cause) for name, score in found if score.value is None)


def _is_switched_off(rule: Rule, submission: Submission) -> bool:
    """Say whether an editor has said that nothing is off topic under this story."""
    return rule.score == OFF_TOPIC and submission.story is not None and not submission.story.judges_topic


def _excess(reason: Reason) -> float:
    """How far above its threshold, as a share of the room above it; an unchecked one comes last."""
    if reason.score is None:
        return -1.0
    room = 1.0 - reason.threshold
    return (reason.score - reason.threshold) / room if room else 1.0
