"""Hour of the day by hour of the day: how much is written, and how long it waits for a person."""

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import ExtractHour
from django.utils import timezone

from belowline.moderation.figures import first_decisions, wait_by_hour
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
    current = timezone.get_current_timezone()
    zone = current if isinstance(current, ZoneInfo) else ZoneInfo("UTC")
    rows = scope.comments().annotate(hour=ExtractHour("created_at", tzinfo=zone)).values_list("hour")
    written = dict(rows.annotate(Count("pk")))
    waits = wait_by_hour(first_decisions(scope.site, scope.since), zone)
    return [Hour(wait.hour, written.get(wait.hour, 0), wait.decisions, wait.median) for wait in waits]
