"""Learning from a newsroom: a head is learned on older decisions and must prove itself on newer ones.

It is accepted when it tells what the moderators refused from what they published better than what the newsroom has now
(the paired bootstrap's interval of the difference of both areas under the curve lies above 0; Efron 1979), and when the
policy with it keeps what a certificate has promised. docs/explanation/learning.md explains it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from belowline.engine.cutoffs import Past, acting_rules, cutoffs_of, tabulate
from belowline.engine.fit_head import Marks, Numbers, fit_head, fit_logistic
from belowline.engine.guarantees import Figures, Promise, measure, proves
from belowline.engine.judge import Engine
from belowline.engine.models.head import Head
from belowline.engine.policy import SCORE_NAMES, Policy
from belowline.engine.submission import Submission

SCORE = "newsroom_refusal"
LEAST_DECISIONS, LEAST_OF_EACH = 500, 50
NEWER_SHARE = 0.3
"""The newer decisions, which test."""
LEAST_TESTED = 10
"""Of each outcome, so many must be among the newer decisions."""
MOST_DECISIONS = 10_000
"""The newest so many are learned from."""
RESAMPLES = 1_000
INTERVAL = (0.025, 0.975)
CONFIDENCE = 0.95
"""Of the bounds in a report where nothing was promised."""
BASE_SCORES = tuple(name for name in SCORE_NAMES if name != SCORE)

Status = Literal["accepted", "too_few", "no_gain", "bound_broken"]


class Lesson(NamedTuple):
    """A decision of the moderators, and what a head reads of the comment."""

    past: Past
    traits: NDArray[np.float32]


class Learner(NamedTuple):
    """What a head is learned for, and what it is held against."""

    policy: Policy
    base: str
    """The version of the abuse model that gave the traits."""
    pooled: int
    """So many traits, the first ones, are the encoder's vector."""
    present: Head | None = None
    """The head that acts now."""
    promise: Promise | None = None
    """What a certificate promises of the policy."""


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """How well the newer decisions are told apart: areas under the ROC curve, in [0, 1]."""

    rival: str
    """What the newsroom has now: the version of its head, or the score that told the older decisions apart best."""
    rival_auc: float
    head_auc: float
    gain: float
    low: float
    high: float
    """The 95 % interval of the gain."""
    all_scores_auc: float
    """For comparison: a logistic mix of all scores that there are without a head, learned on the same decisions."""


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What the policy does with the newer decisions, now and with the new head."""

    looks_at_head: bool
    """Whether a rule that acts looks at `newsroom_refusal`; otherwise both are the same."""
    promise: Promise | None
    before: Figures
    after: Figures
    is_kept: bool
    """Whether the new head keeps the promise; where nothing was promised, nothing can be broken."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came of learning, on what evidence; kept with the head."""

    status: Status
    decisions: int
    refused: int
    more_decisions: int
    more_of_one: str
    """Where they are too few: `published` or `refused`, when more of these are needed; else empty."""
    learned_on: int
    tested_on: int
    tested_refused: int
    tested_from: datetime | None
    tested_to: datetime | None
    base: str
    head: str
    """The version of the new head; empty where none was learned."""
    gain: Gain | None
    replay: Replay | None


def learn(learner: Learner, lessons: Sequence[Lesson], *, seed: int = 0) -> tuple[Report, Head | None]:
    """Learn from decisions in the order of time; return the report, and the head where one was learned.

    The head is there, too, when it was not accepted: the report says why.
    """
    lessons = lessons[-MOST_DECISIONS:]
    older, newer = split(lessons)
    report = _begin(learner, lessons, newer)
    if report.status == "too_few":
        return report, None
    head = fit_head(_traits(older), _refused(older), base=learner.base, pooled=learner.pooled)
    gain = _gain(learner.present, older, newer, head, seed)
    replay = _replay(learner, newer, head)
    status: Status = "no_gain" if gain.low <= 0 else "accepted" if replay.is_kept else "bound_broken"
    return msgspec.structs.replace(report, status=status, head=head.version, gain=gain, replay=replay), head


def looks_at_head(policy: Policy) -> bool:
    """Say whether a rule that acts looks at the score of a head."""
    return any(rule.score == SCORE for rule in acting_rules(policy).values())


def read_lesson(engine: Engine, submission: Submission, past: Past) -> Lesson | None:
    """Return a decision with its scores and traits; None: it is not in English.

    Raises:
        SubmissionError: the text is empty or too long.
        ModelError: the engine's abuse model has no encoder.
    """
    prepared = engine.prepare(submission)
    scores, language = engine.score_prepared(prepared)
    traits = engine.abuse.traits(prepared)
    if traits is None:
        return None
    measured = {name: score.value for name, score in scores.items()}
    return Lesson(past._replace(scores=measured, language=past.language or language), traits)


def split(lessons: Sequence[Lesson]) -> tuple[Sequence[Lesson], Sequence[Lesson]]:
    """Return the older decisions, which teach, and the newer ones, which test."""
    place = len(lessons) - int(len(lessons) * NEWER_SHARE)
    return lessons[:place], lessons[place:]


def _begin(learner: Learner, lessons: Sequence[Lesson], newer: Sequence[Lesson]) -> Report:
    """Return the report as it stands before learning; its status is `too_few` where that must not begin."""
    refused, tested = int(_refused(lessons).sum()), int(_refused(newer).sum())
    few = {"refused": (refused, tested), "published": (len(lessons) - refused, len(newer) - tested)}
    lacking = [name for name, (all_, new) in few.items() if all_ < LEAST_OF_EACH or new < LEAST_TESTED]
    more = max(0, LEAST_DECISIONS - len(lessons))
    times = [lesson.past.at for lesson in newer if lesson.past.at]
    return Report(
        status="too_few" if more or lacking else "no_gain",
        decisions=len(lessons),
        refused=refused,
        more_decisions=more,
        more_of_one=lacking[0] if lacking else "",
        learned_on=len(lessons) - len(newer),
        tested_on=len(newer),
        tested_refused=tested,
        tested_from=min(times, default=None),
        tested_to=max(times, default=None),
        base=learner.base,
        head="",
        gain=None,
        replay=None,
    )


def _gain(present: Head | None, older: Sequence[Lesson], newer: Sequence[Lesson], head: Head, seed: int) -> Gain:
    refused = _refused(newer)
    rival, theirs = _rival(present, older, newer)
    own = head.log_odds(_traits(newer))
    low, high = gain_interval(own, theirs, refused, seed=seed)
    before, after = auc(theirs, refused), auc(own, refused)
    mixed = auc(log_odds_mix(older, newer), refused)
    return Gain(
        rival=rival, rival_auc=before, head_auc=after, gain=after - before, low=low, high=high, all_scores_auc=mixed
    )


def _rival(present: Head | None, older: Sequence[Lesson], newer: Sequence[Lesson]) -> tuple[str, Numbers]:
    """Return what the newsroom has now, by name, and its values of the newer decisions."""
    if present is not None:
        return present.version, present.log_odds(_traits(newer))
    taught, refused = base_scores(older), _refused(older)
    best = max(range(len(BASE_SCORES)), key=lambda column: auc(taught[:, column], refused))
    return BASE_SCORES[best], base_scores(newer)[:, best]


def base_scores(lessons: Sequence[Lesson]) -> Numbers:
    """Return the scores without a head, shape (decisions, BASE_SCORES); what could not be computed counts as 0."""
    return np.array([[lesson.past.scores.get(name) or 0.0 for name in BASE_SCORES] for lesson in lessons])


def log_odds_mix(older: Sequence[Lesson], newer: Sequence[Lesson]) -> Numbers:
    """Return log odds of the newer decisions by a logistic regression on the log odds of all scores of the older."""
    taught, asked = (np.clip(base_scores(part), 1e-4, 1 - 1e-4) for part in (older, newer))
    weights, bias = fit_logistic(np.log(taught / (1 - taught)), _refused(older), 1.0)
    return np.asarray(np.log(asked / (1 - asked)) @ weights + bias)


def auc(values: Numbers, positive: Marks) -> float:
    """Return the area under the ROC curve in [0, 1]: how often a positive is above a negative; ties count a half.

    There must be one of each.
    """
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    rank = np.cumsum(times) - (times - 1) / 2
    count = int(positive.sum())
    above = rank[place][positive].sum() - count * (count + 1) / 2
    return float(above / (count * (len(positive) - count)))


def gain_interval(own: Numbers, theirs: Numbers, positive: Marks, *, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of how much higher the AUC of `own` is, by drawing the same comments for both.

    Either outcome is drawn for itself, so that none can be missing.
    """
    draw = np.random.default_rng(seed)
    kinds = [np.flatnonzero(positive), np.flatnonzero(~positive)]
    gains = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([draw.choice(kind, len(kind)) for kind in kinds])
        gains.append(auc(own[rows], positive[rows]) - auc(theirs[rows], positive[rows]))
    low, high = np.quantile(gains, INTERVAL)
    return float(low), float(high)


def _replay(learner: Learner, newer: Sequence[Lesson], head: Head) -> Replay:
    """Let the policy decide about the newer comments, as it is and with the new head."""
    promise = learner.promise
    before, after = (_figures(learner, newer, one) for one in (learner.present, head))
    looks = looks_at_head(learner.policy)
    kept = not looks or promise is None or keeps(after, promise)
    return Replay(looks_at_head=looks, promise=promise, before=before, after=after, is_kept=kept)


def _figures(learner: Learner, newer: Sequence[Lesson], head: Head | None) -> Figures:
    delta = learner.promise.delta if learner.promise else 1 - CONFIDENCE
    history = [with_head(lesson, head) for lesson in newer]
    return measure(tabulate(learner.policy, history), cutoffs_of(learner.policy), delta)


def with_head(lesson: Lesson, head: Head | None) -> Past:
    """Return the decision with the score that a head gives; None: it is unchecked."""
    given: Mapping[str, float | None] = {SCORE: float(head.scores(lesson.traits)) if head else None}
    return lesson.past._replace(scores={**lesson.past.scores, **given})


def keeps(figures: Figures, promise: Promise) -> bool:
    """Say whether these figures prove the promise about bad comments again.

    The one about good ones cannot break: no rule rejects by the score of a head.
    """
    bad = figures.bad_published
    return proves(bad.errors, bad.of, promise.bad_published, promise.delta)


def _traits(lessons: Sequence[Lesson]) -> NDArray[np.float32]:
    return np.stack([lesson.traits for lesson in lessons])


def _refused(lessons: Sequence[Lesson]) -> Marks:
    return np.array([not lesson.past.is_good for lesson in lessons], dtype=bool)
