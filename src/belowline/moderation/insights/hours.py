"""Hour of the day by hour of the day: how much is written, and how long it waits for a person."""

from datetime import timedelta
from typing import NamedTuple

from belowline.moderation.insights.scope import Scope


class Hour(NamedTuple):
    """One hour of the day, over all days of the period."""

    hour: int
    """0 to 23, in the time zone of the newsroom."""
    comments: int
    """Written in it."""
    decisions: int
    """About comments that were written in it and held."""
    median: timedelta | None
    """How long those had waited; None: fewer than five decisions, too few to say."""


def by_hour(scope: Scope) -> list[Hour]:
    """Return the 24 hours."""
    written = scope.sums.written
    return [Hour(wait.hour, written[wait.hour], wait.decisions, wait.median) for wait in scope.sums.waits]
