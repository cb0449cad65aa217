"""Rule by rule: how often the machine held rightly, and how often an appeal was right."""

from typing import NamedTuple

from belowline.engine.guarantees import upper_bound
from belowline.moderation.appeal_figures import appeal_figures
from belowline.moderation.insights.scope import TAIL, Scope


class Rate(NamedTuple):
    """A share with the exact ends of its 95 % interval (Clopper and Pearson 1934), all in [0, 1]."""

    share: float
    low: float
    high: float


class RuleOverturns(NamedTuple):
    """Appeals of the period against decisions under one rule."""

    rule: str
    upheld: int
    overturned: int
    open: int
    rate: Rate | None
    """Overturned ones among the settled; None: none is settled."""


class RuleHolds(NamedTuple):
    """What people made of comments that the machine had held first of all by one rule."""

    rule: str
    published: int
    refused: int
    rate: Rate
    """Refused ones among all: how often the machine held rightly."""


def rate_of(count: int, n: int) -> Rate | None:
    """Return the share of `count` among `n`; None where there is nothing."""
    if not n:
        return None
    return Rate(count / n, 1 - upper_bound(n - count, n, TAIL), upper_bound(count, n, TAIL))


def overturns_by_rule(scope: Scope) -> list[RuleOverturns]:
    """Return the appeals of the period by the rule that they are about, the most contested first."""
    rows = [
        RuleOverturns(
            row.rule, row.upheld, row.overturned, row.open, rate_of(row.overturned, row.upheld + row.overturned)
        )
        for row in appeal_figures(scope.site, scope.since, scope.section).values()
    ]
    return sorted(rows, key=lambda row: (-(row.upheld + row.overturned), -row.open, row.rule))


def holds_by_rule(scope: Scope) -> list[RuleHolds]:
    """Return how people decided about what each rule had held, the rule that holds most first."""
    rows = ((rule, *counts) for rule, counts in sorted(scope.sums.holds.items()))
    found = [
        RuleHolds(rule, published, refused, rate)
        for rule, published, refused in rows
        if (rate := rate_of(refused, published + refused)) is not None
    ]
    return sorted(found, key=lambda row: -(row.published + row.refused))
