"""Cohen's kappa: how far two people agree beyond what chance alone would make of their habits. Pure.

Cohen 1960 (10.1177/001316446002000104); its standard error after Fleiss, Cohen and Everitt 1969 (10.1037/h0028106).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from typing import NamedTuple

Shares = defaultdict[Hashable, float]
Z = 1.959964
"""Standard errors on each side of a 95 % interval."""
TINY = 1e-12
"""Shares that add up to 1 may miss it by so much."""


class Kappa(NamedTuple):
    """How far two answers to the same questions agree."""

    n: int
    """Pairs of answers."""
    agreed: float | None
    """The share in [0, 1] of pairs with the same answer; None: there are no pairs."""
    value: float | None
    """In [-1, 1]; 0: as chance would have it; None: no pairs, or both gave one and the same answer always."""
    low: float | None
    high: float | None
    """The ends of the 95 % interval, in [-1, 1]; None as `value`."""


def kappa(pairs: Iterable[tuple[Hashable, Hashable]]) -> Kappa:
    """Return the agreement of pairs of answers."""
    cells = Counter(pairs)
    n = cells.total()
    if not n:
        return Kappa(0, None, None, None, None)
    first, second = _margins(cells, n)
    answers = {*first, *second}
    agreed = sum(cells[answer, answer] for answer in answers) / n
    by_chance = sum(first[answer] * second[answer] for answer in answers)
    if by_chance > 1 - TINY:  # one answer only: there is nothing to agree beyond
        return Kappa(n, agreed, None, None, None)
    value = (agreed - by_chance) / (1 - by_chance)
    error = _standard_error(cells, n, value)
    return Kappa(n, agreed, value, max(-1.0, value - Z * error), min(1.0, value + Z * error))


def _margins(cells: Counter[tuple[Hashable, Hashable]], n: int) -> tuple[Shares, Shares]:
    """Return the share in [0, 1] of each answer, on the first side and on the second."""
    first: Shares = defaultdict(float)
    second: Shares = defaultdict(float)
    for (one, other), count in cells.items():
        first[one] += count / n
        second[other] += count / n
    return first, second


def _standard_error(cells: Counter[tuple[Hashable, Hashable]], n: int, value: float) -> float:
    first, second = _margins(cells, n)
    by_chance = sum(share * second[answer] for answer, share in first.items())
    same = apart = 0.0
    for (one, other), count in cells.items():
        share = count / n
        if one == other:
            same += share * (1 - (first[one] + second[one]) * (1 - value)) ** 2
        else:
            apart += share * (second[one] + first[other]) ** 2
    spread = same + (1 - value) ** 2 * apart - (value - by_chance * (1 - value)) ** 2
    return math.sqrt(max(0.0, spread) / n) / (1 - by_chance)


WORDS = ((0.8, "almost perfect"), (0.6, "substantial"), (0.4, "moderate"), (0.2, "fair"), (0.0, "slight"))
"""From which value on the words of Landis and Koch 1977 (10.2307/2529310) hold."""


def in_words(value: float) -> str:
    """Return what a kappa in [-1, 1] is called."""
    return next((word for least, word in WORDS if value > least), "no better than chance")
