"""Widening the band that people decide when a promise is broken: lower holds, so that less is published by machine.

There are too few audits since a change to prove a new policy, and the labels before it are about another world. So this
is no calibration, and it proves nothing. It lowers holds so far that what was audited since the change would have kept
the promise, and a step further; but only where the scores clearly tell the errors from the rest. Where they do not,
nobody knows what is safe to publish, and everything is held. It never publishes what the policy before it would hold.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from belowline.engine import cutoffs
from belowline.engine.cutoffs import Cutoffs, Marks, Numbers, Past, Table
from belowline.engine.guarantees import binomial_cdf
from belowline.engine.policy import Policy

FACTORS = (0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.0)
"""Holds are lowered to these shares of what they were; 0 holds whatever the rule has a score for."""
BY_ACCIDENT = 0.05
"""Scores tell the errors apart where so few errors would be left by accident with at most this chance."""


class Widened(NamedTuple):
    """Other cut-offs for a policy, and what they would have done to the audits since the change."""

    codes: tuple[str, ...]
    """The acting rules, in the order of the cut-offs; each is named again for every section with its own `hold`."""
    sections: tuple[str | None, ...]
    """Of each cut-off, the section whose `hold` it is; None: the rule's own."""
    cutoffs: Cutoffs
    lowered: tuple[str, ...]
    """The rules whose `hold` was lowered, for a section or for all others."""
    factor: float
    """In [0, 1): to this share of what it was."""
    left: int
    """So many of the comments that were audited since the change would still have been published."""
    errors: int
    """And so many of these were errors."""
    share: float
    """The share in [0, 1] that would still have been published of all audited comments, those before the change too."""


def widen(policy: Policy, audits: Sequence[Past], since: int, limit: float) -> Widened:
    """Return cut-offs with lower holds, by all that was published and audited, in order.

    The change is at number `since`, from 1. Of the steps in FACTORS, for the rules that reviewers named in errors and
    for all acting rules, it takes the one after the first that leaves at most the share `limit` in (0, 1) of errors
    since then; of the two the one that leaves more. Where errors are left out no more than by accident, it takes the
    last step, for all rules.
    """
    table, given = cutoffs.tabulate(policy, audits, apart=True), cutoffs.cutoffs_of(policy, apart=True)
    named = {past.rule for past in audits[since - 1 :] if not past.is_good}
    every = np.ones(len(table.codes), dtype=bool)
    groups = (np.array([code in named for code in table.codes]), every)
    found = [one for group in groups if group.any() and (one := _enough(table, given, group, since, limit))]
    return max(found, key=lambda one: one.share, default=_step(table, given, every, since, FACTORS[-1]))


def _enough(table: Table, given: Cutoffs, group: Marks, since: int, limit: float) -> Widened | None:
    """Return the step after the first that keeps the limit; None: no step does, or by accident."""
    total = int((~table.is_good[since - 1 :]).sum())
    steps = [_step(table, given, group, since, factor) for factor in FACTORS]
    first = next((place for place, step in enumerate(steps) if step.errors <= limit * step.left), None)
    if first is None or _chance(steps[first], total) > BY_ACCIDENT:
        return None
    return steps[min(first + 1, len(steps) - 1)]


def _chance(step: Widened, total: int) -> float:
    """Return the chance in [0, 1] that so few of the `total` errors are left if scores have nothing to do with it."""
    if not 0 < step.share < 1:
        return 1.0
    return binomial_cdf(step.errors, total, step.share)


def _step(table: Table, given: Cutoffs, group: Marks, since: int, factor: float) -> Widened:
    hold = _lowered(given.hold, group, factor)
    left = table.published(hold)
    recent = left[since - 1 :]
    lowered = tuple(code for code, old, new in zip(table.codes, given.hold, hold, strict=True) if new < old)
    return Widened(
        codes=table.codes,
        sections=table.sections,
        cutoffs=Cutoffs(hold, given.reject),
        lowered=tuple(dict.fromkeys(lowered)),
        factor=factor,
        left=int(recent.sum()),
        errors=int((recent & ~table.is_good[since - 1 :]).sum()),
        share=float(left.mean()) if len(left) else 0.0,
    )


def _lowered(hold: Numbers, group: Marks, factor: float) -> Numbers:
    """Return the holds with those of the group lowered, to the next cut-off below: never laxer than asked for."""
    return np.array(
        [cutoffs.round_hold(value * factor) if chosen else value for value, chosen in zip(hold, group, strict=True)]
    )
