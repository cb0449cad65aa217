"""Day by day, or week by week: what the machine settled, and what it left to people."""

from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

from belowline.moderation.insights.scope import Scope
from belowline.moderation.models import Decision
from belowline.moderation.premoderation import PREMODERATED


class Settled(NamedTuple):
    """What the machine decided in a day or a week. What waited for pre-moderation alone is left out."""

    first_day: date
    published: int
    rejected: int
    held: int

    @property
    def total(self) -> int:
        """Return how many comments it judged."""
        return self.published + self.rejected + self.held

    @property
    def share(self) -> float | None:
        """Return the share in [0, 1] that no person had to decide; None: it judged nothing."""
        return (self.published + self.rejected) / self.total if self.total else None


def settled_by_machine(scope: Scope) -> list[Settled]:
    """Return the points in time of the period, the oldest first, those without anything too."""
    publish, reject, hold = Decision.Outcome.PUBLISH, Decision.Outcome.REJECT, Decision.Outcome.HOLD
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for day, outcomes in scope.sums.machine.items():
        found[scope.bin_of(day)] += outcomes
    for day, codes in scope.sums.read_first.items():
        found[scope.bin_of(day)][hold] -= codes[PREMODERATED]
    return [Settled(day, found[day][publish], found[day][reject], found[day][hold]) for day in scope.bins()]
