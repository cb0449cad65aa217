"""The cut-offs of a policy: what they do to decided comments, and the path through them.

A cut-off that we choose lies half-way between two scores of four digits, such as 0.73455. So a score as
`belowline score` writes it down and the longer one in the engine fall on the same side of it.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from belowline.engine.policy import NEVER_REJECTED, Policy, Rule
from belowline.engine.standing import OFF_TOPIC

Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]
Levels = NDArray[np.intp]

SCALE = 10_000
"""Scores are told apart in steps of 1 / SCALE."""
LEVELS = 64
"""At most so many cut-offs of a rule are tried."""
STEPS = 200
"""A path has at most so many steps."""
NEVER = math.inf
"""The `reject` of a rule that rejects nothing."""
SAFE_END = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Where no bad comment is left to learn from, all rules together are tightened to these shares of their levels."""


class Past(NamedTuple):
    """A comment that a moderator decided: its scores in [0, 1], None for what could not be computed."""

    scores: Mapping[str, float | None]
    is_good: bool
    """Whether the moderator published it."""
    section: str = ""
    language: str = ""
    rule: str = ""
    """The rule that the moderator named, where one was named."""
    at: datetime | None = None
    causes: Mapping[str, str] = {}
    """Why a score is None, where that is known: a rule may ignore some causes."""
    judges_topic: bool = True
    """False: an editor has said that nothing is off topic under its story."""


class Cutoffs(NamedTuple):
    """`hold` and `reject` of every column, in the order of the table; `NEVER` where nothing is rejected."""

    hold: Numbers
    reject: Numbers


class Table(NamedTuple):
    """Past decisions as the acting rules of a policy see them; one row for a comment, one column for a rule.

    Where sections stand apart, each `hold` that a rule has for a section is a column of its own.
    """

    codes: tuple[str, ...]
    hold: Numbers
    """The score; -1 where the rule does not look, infinite where it holds what could not be checked."""
    reject: Numbers
    """The score; -1 where the rule does not look, cannot know, or must not reject."""
    is_good: Marks
    sections: tuple[str | None, ...] = ()
    """Of each column, the section whose `hold` it is; None: the rule's own. Empty: sections do not stand apart."""

    def rows(self, chosen: slice) -> "Table":
        """Return some of the comments, in their order."""
        return Table(self.codes, self.hold[chosen], self.reject[chosen], self.is_good[chosen], self.sections)

    def published(self, hold: Numbers) -> Marks:
        """Return which comments the machine publishes; `hold` has a cut-off in [0, 1] for each rule."""
        return np.asarray(np.all(self.hold < hold, axis=1))

    def rejected(self, reject: Numbers) -> Marks:
        """Return which comments the machine rejects; `reject` has a cut-off in [0, 1], or NEVER, for each rule."""
        return np.asarray(np.any(self.reject >= reject, axis=1))


def acting_rules(policy: Policy) -> dict[str, Rule]:
    """Return the rules that decide: all but those in the background."""
    return {code: rule for code, rule in policy.rules.items() if not rule.background}


class _Column(NamedTuple):
    """A cut-off for `hold` with the rule as it stands there."""

    code: str
    section: str | None
    rule: Rule
    elsewhere: frozenset[str] = frozenset()
    """Sections that have a column of their own."""


def _columns(policy: Policy, *, apart: bool) -> list[_Column]:
    found: list[_Column] = []
    for code, rule in acting_rules(policy).items():
        if not apart:
            found.append(_Column(code, None, rule))
            continue
        found.append(_Column(code, None, replace(rule, hold_in={}), frozenset(rule.hold_in)))
        for section, own in rule.hold_in.items():
            found.append(_Column(code, section, replace(rule, hold=own, sections=(section,), hold_in={})))
    return found


def tabulate(policy: Policy, history: Sequence[Past], *, apart: bool = False) -> Table:
    """Return the history as the policy's acting rules see it; its shape is decisions x columns.

    A column is a rule; `apart`, each `hold` that a rule has for a section stands behind it.
    """
    columns = _columns(policy, apart=apart)
    hold = np.empty((len(history), len(columns)), order="F")  # rule by rule: so it is compared, and quickest
    reject = np.empty_like(hold)
    for place, column in enumerate(columns):
        for row, past in enumerate(history):
            is_blind = past.section in column.elsewhere
            hold[row, place], reject[row, place] = (-1.0, -1.0) if is_blind else _seen_by(column.rule, past)
            if _is_off_topic(column.rule, past) and _is_other_kind(policy, past):
                hold[row, place] = -1.0
    is_good = np.array([past.is_good for past in history], dtype=bool)
    sections = tuple(column.section for column in columns) if apart else ()
    return Table(tuple(column.code for column in columns), hold, reject, is_good, sections)


def _is_off_topic(rule: Rule, past: Past) -> bool:
    return rule.score == OFF_TOPIC and past.scores.get(OFF_TOPIC) is not None


def _seen_by(rule: Rule, past: Past) -> tuple[float, float]:
    """Return what a rule's `hold` and its `reject` are compared with, for one comment.

    A section with a `hold` of its own has settled the matter, whatever `hold` becomes for the others.
    """
    if not rule.applies_to(past.section) or (rule.score == OFF_TOPIC and not past.judges_topic):
        return -1.0, -1.0
    value = past.scores.get(rule.score)
    if value is None:
        return math.inf if rule.holds_unchecked(past.causes.get(rule.score, "")) else -1.0, -1.0
    own = rule.hold_in.get(past.section)
    held = value if own is None else (math.inf if value >= own else -1.0)
    may_reject = rule.score not in NEVER_REJECTED and (own is None or value >= own)
    return held, value if may_reject else -1.0


def _is_other_kind(policy: Policy, past: Past) -> bool:
    """Say whether a background rule, whose cut-off stays, finds that a comment is something else than off topic."""
    return any(
        (value := past.scores.get(rule.score)) is not None and value >= rule.hold_from(past.section)
        for rule in policy.rules.values()
        if rule.background and rule.stands_for_off_topic and rule.applies_to(past.section)
    )


def cutoffs_of(policy: Policy, *, apart: bool = False) -> Cutoffs:
    """Return the numbers that stand in a policy, in the order of `tabulate`."""
    rules = [column.rule for column in _columns(policy, apart=apart)]
    reject = [NEVER if rule.reject is None else rule.reject for rule in rules]
    return Cutoffs(np.array([rule.hold for rule in rules]), np.array(reject))


def round_hold(value: float) -> float:
    """Return the next cut-off at or below `value` in [0, 1]: it publishes no comment that `value` would hold."""
    below = (half_step(step) for step in _steps_near(value, -1) if half_step(step) <= value)
    return next(below, 0.0)


def round_reject(value: float) -> float:
    """Return the next cut-off at or above `value` in [0, 1]: it rejects no comment that `value` would not."""
    above = (half_step(step) for step in _steps_near(value, 1) if half_step(step) >= value)
    return next(above, 1.0)


def half_step(step: int) -> float:
    """Return the cut-off between the scores `step` and `step` + 1, counted in steps from 0 to SCALE - 1."""
    return (2 * step + 1) / (2 * SCALE)


def _steps_near(value: float, direction: int) -> list[int]:
    near = math.floor(value * SCALE - 0.5)
    steps = [near - 1, near, near + 1, near + 2][::direction]
    return [step for step in steps if 0 <= step < SCALE]


def hold_path(table: Table, given: Numbers) -> list[Numbers]:
    """Return the holds to try, the strictest first, as these past decisions teach them.

    From the laxest on, that rule is tightened, and so far, that most bad comments are held for each good one. `given`
    are the policy's own numbers in [0, 1]: where the decisions cannot tell one number from another, those stay.
    """
    grids = [_grid(column, own, round_hold) for column, own in zip(table.hold.T, given, strict=True)]
    bins = _bins(table.hold, grids)
    top = np.array([len(grid) - 1 for grid in grids])
    levels = _tighten(bins, table.is_good, top, least=0.0)
    levels += [np.floor(share * levels[-1]).astype(np.intp) for share in SAFE_END]
    return [_look_up(grids, level) for level in _thin(levels, bins, table.is_good)[::-1]]


def reject_path(table: Table) -> list[Numbers]:
    """Return the rejects to try, from one that rejects nothing on, as these past decisions teach them.

    That rule comes next, and so far, that most bad comments are rejected for each good one, as long as they are more.
    """
    grids = [np.append(_grid(column, NEVER, round_reject), NEVER) for column in table.reject.T]
    bins = _bins(table.reject, grids)
    top = np.array([len(grid) - 1 for grid in grids])
    levels = _tighten(bins, table.is_good, top, least=1.0)
    return [_look_up(grids, level) for level in _thin(levels, bins, table.is_good)]


def _grid(scores: Numbers, own: float, rounded: Callable[[float], float]) -> Numbers:
    """Return cut-offs that part the scores of one rule, from low to high; `own` is the policy's number."""
    seen = np.unique(np.round(scores[(scores >= 0) & np.isfinite(scores)] * SCALE)).astype(int)
    gaps = list(itertools.pairwise(seen))
    if len(gaps) > LEVELS:
        even = np.linspace(0, len(gaps) - 1, LEVELS // 2)
        dense = len(gaps) - np.geomspace(1, len(gaps), LEVELS // 2)  # the higher, the closer: there they matter
        gaps = [gaps[place] for place in np.unique(np.concatenate((even, dense)).astype(int))]
    found = [_between(int(low), int(high), own, rounded) for low, high in gaps]
    if len(seen) and seen[-1] < SCALE:
        last = half_step(int(seen[-1]))
        found.append(own if last <= own <= 1 else last)
    return np.unique(found or [own if own <= 1 else 1.0])


def _between(low: int, high: int, own: float, rounded: Callable[[float], float]) -> float:
    """Return the policy's own number where it parts two scores, in steps, or else the middle of them."""
    if half_step(low) <= own <= half_step(high - 1):
        return own
    return rounded((low + high) / (2 * SCALE))


def _bins(scores: Numbers, grids: Sequence[Numbers]) -> Levels:
    """Return how many cut-offs of its rule each score reaches: below cut-off number k are the bins up to k."""
    columns = [np.searchsorted(grid, column, side="right") for column, grid in zip(scores.T, grids, strict=True)]
    return np.stack(columns).T


def _tighten(bins: Levels, is_good: Marks, top: Levels, *, least: float) -> list[Levels]:
    """Return levels from `top` downwards, level by level, in the order that takes most bad comments for each good one.

    It ends where a step would take fewer than `least` bad comments for a good one, or no bad comment at all.
    """
    level, path = top.copy(), [top.copy()]
    left = (bins <= level).all(axis=1)
    bins, is_good = bins[left], is_good[left]
    while not is_good.all():
        steps = [_best_step(bins[:, rule], is_good, level[rule]) for rule in range(len(level))]
        rule = max(range(len(level)), key=lambda one: steps[one][0])
        _, target, bad, good = steps[rule]
        if not bad or bad < least * good:
            break
        while level[rule] > target:
            level[rule] -= 1
            path.append(level.copy())
        left = bins[:, rule] <= target
        bins, is_good = bins[left], is_good[left]
    return path


def _best_step(bins: Levels, is_good: Marks, level: int) -> tuple[float, int, int, int]:
    """Return the worth of the best tighter level of one rule, that level, and the bad and good ones that it takes."""
    if not level:
        return -1.0, 0, 0, 0
    counts = [np.bincount(bins[chosen], minlength=level + 1)[1:] for chosen in (~is_good, is_good)]
    bad, good = (np.cumsum(count[::-1])[::-1] for count in counts)
    worth = bad / (good + 1)
    best = len(worth) - 1 - int(np.argmax(worth[::-1]))
    return float(worth[best]), best, int(bad[best]), int(good[best])


def _thin(levels: Sequence[Levels], bins: Levels, is_good: Marks) -> list[Levels]:
    """Return at most STEPS of the levels, at even distances in comments and in bad comments taken."""
    left = np.array([_counts(np.asarray(np.all(bins <= level, axis=1)), is_good) for level in levels], dtype=float)
    taken = (left[0] - left) / np.maximum(left[0], 1)
    place = np.floor(taken.sum(axis=1) / max(taken[-1].sum(), 1e-9) * (STEPS - 1))
    return [levels[one] for one in np.unique(place, return_index=True)[1]]


def _counts(chosen: Marks, is_good: Marks) -> tuple[int, int]:
    return int(chosen.sum()), int((chosen & ~is_good).sum())


def _look_up(grids: Sequence[Numbers], level: Levels) -> Numbers:
    return np.array([grid[one] for grid, one in zip(grids, level, strict=True)])
