"""How long moderators take for a decision: the time between one and the next of the same person."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import quantiles
from typing import NamedTuple

from belowline.moderation.insights.scope import Scope

PAUSE = timedelta(minutes=10)
"""Who decides nothing for so long did something else meanwhile."""
AT_ONCE = timedelta(seconds=0.5)
"""Nobody reads so fast: what follows another decision within this was decided together with it."""
EDGES = (2, 5, 10, 20, 40, 60, 120, 300, 600)
"""Upper ends of the bins, in seconds."""
ENOUGH = 5
"""With fewer, nothing is said of the middle."""


class Handling(NamedTuple):
    """How long decisions took."""

    bins: list[tuple[int, int]]
    """Upper end in seconds, and how many decisions took that long, but longer than the bin before."""
    measured: int
    """Decisions whose time is known."""
    together: int
    """Decisions that were made together with others, as a band."""
    median: float | None
    slow: float | None
    """Seconds that half of them, and nine in ten, took at most; None: fewer than five were measured."""
    an_hour: float | None
    """Decisions in an hour at the desk, those made together counted; None as above."""


def handling_times(scope: Scope) -> Handling:
    """Return how long the decisions of the period took, of all moderators together."""
    rows = (
        scope.decisions()
        .filter(moderator__isnull=False)
        .order_by("moderator_id", "created_at", "id")
        .values_list("moderator_id", "created_at")
    )
    return measure(_gaps(rows.iterator()))


def _gaps(rows: Iterable[tuple[int | None, datetime]]) -> Iterator[timedelta]:
    """Yield the time between two decisions of the same moderator."""
    for (who, at), (whose, later) in pairwise(rows):
        if who == whose:
            yield later - at


def measure(gaps: Iterable[timedelta]) -> Handling:
    """Return the figures of times between decisions; pauses are left out."""
    working = [gap for gap in gaps if gap < PAUSE]
    seconds = [gap.total_seconds() for gap in working if gap >= AT_ONCE]
    counts = Counter(next(edge for edge in EDGES if second <= edge) for second in seconds)
    bins = [(edge, counts[edge]) for edge in EDGES]
    together = len(working) - len(seconds)
    if len(seconds) < ENOUGH:
        return Handling(bins, len(seconds), together, None, None, None)
    tenths = quantiles(seconds, n=10, method="inclusive")
    hours = sum(working, timedelta()) / timedelta(hours=1)
    return Handling(bins, len(seconds), together, tenths[4], tenths[8], len(working) / hours)
