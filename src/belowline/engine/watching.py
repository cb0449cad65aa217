"""Watching a promise: does the stream of audits say that more is wrong than was promised?

The test may be looked at after every audit, for ever, and still raises a false alarm with a chance of at most delta in
all its life. It bets against the promise: a bet that is made before an audit is worth the product of the likelihood
ratios since, and while the promise is kept its expected value is at most 1 (testing by betting: Waudby-Smith and Ramdas
2024, JRSS B 86:1, arXiv 2010.09686). One bet is made before every audit, with weights that sum to 1, so that weeks
without an error buy no slack for what comes after them. The weighted sum, with the weight that is still unused, is a
nonnegative supermartingale that begins at 1: it reaches 1 / delta with a chance of at most delta (Ville 1939). Sums
over starts are the e-detectors of Shin, Ramdas and Rinaldo (2024, NEJSDS 2:2, arXiv 2203.03532); the weights turn their
bound on the time to a false alarm into one on ever having one. docs/explanation/guarantees.md explains it.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from belowline.engine.guarantees import upper_bound

STAKES = (1.5, 2.0, 3.0, 4.0, 6.0, 9.0, 14.0, 20.0)
"""Bets are on these multiples of the promised odds, in equal parts: what the rate may have risen to is not known."""
SETTLED_IN = 500
"""Half of the weight lies on starts within the first so many audits, the other half on all that come later."""


class Watch(NamedTuple):
    """What the audits of one policy say about one promise."""

    audits: int
    errors: int
    rate: float | None
    """In [0, 1]; None: nothing was audited."""
    bound: float
    """The exact upper bound in [0, 1] of Clopper and Pearson over all these audits, at delta, if one looked once."""
    evidence: float
    """What the bets against the promise are worth now, or were when it broke; they began with 1."""
    alarm_at: float
    """From this evidence on, the promise counts as broken: 1 / delta."""
    broken_at: int | None
    """The number (from 1) of the audit that broke it; None: it holds."""
    since: int
    """The number (from 1) of the audit with which the present evidence most probably begins."""
    recent: tuple[int, int]
    """Errors and audits from there on, up to the audit that broke the promise or the last one."""

    @property
    def is_broken(self) -> bool:
        """Whether the promise counts as broken."""
        return self.broken_at is not None


def watch(errors: Sequence[bool], limit: float, delta: float) -> Watch:
    """Test audits, in their order, against a promised share `limit` in (0, 1) of errors; true means an error.

    While the chance of an error at each audit, whatever came before, is at most `limit`, the promise is ever found
    broken with a chance of at most `delta` in (0, 1).
    """
    bets = [_ratios(stake, limit) for stake in STAKES]
    worths = [0.0] * len(bets)
    evidence, broken_at = 0.0, None
    for number, is_error in enumerate(errors, 1):
        stake = weight(number) / len(bets)
        worths = [(worth + stake) * ratios[is_error] for worth, ratios in zip(worths, bets, strict=True)]
        evidence = math.fsum(worths)
        if evidence >= 1 / delta:
            broken_at = number
            break
    wrong, audits = sum(errors), len(errors)
    since = likely_start(errors[:broken_at], limit)
    recent = errors[since - 1 : broken_at]
    return Watch(
        audits=audits,
        errors=wrong,
        rate=wrong / audits if audits else None,
        bound=upper_bound(wrong, audits, delta),
        evidence=evidence,
        alarm_at=1 / delta,
        broken_at=broken_at,
        since=since,
        recent=(sum(recent), len(recent)),
    )


def weight(number: int) -> float:
    """Return the weight in (0, 1) of the bet that is made before audit `number` (from 1); together they are 1."""
    return SETTLED_IN / ((number - 1 + SETTLED_IN) * (number + SETTLED_IN))


def likely_start(errors: Sequence[bool], limit: float) -> int:
    """Return the number (from 1) of the audit from which on a higher rate explains the rest best (Page 1954)."""
    best, start = 0.0, 1
    for stake in STAKES:
        gain = [math.log(ratio) for ratio in _ratios(stake, limit)]
        total = 0.0
        for number in range(len(errors), 0, -1):
            total += gain[errors[number - 1]]
            if total > best:
                best, start = total, number
    return start


def _ratios(stake: float, limit: float) -> tuple[float, float]:
    """Return by what a bet grows when there is no error, and when there is one."""
    odds = stake * limit / (1 - limit)
    return 1 / (1 + odds) / (1 - limit), odds / (1 + odds) / limit
