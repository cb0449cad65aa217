"""Of which site or section, and of which days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.day_counts import midnight
from belowline.moderation.models import Decision
from belowline.moderation.period import Period, period
from belowline.stories.models import Site
from belowline.stories.places import Rows, in_place

PERIODS = (7, 30, 90)
"""Days that one can look back."""
DAILY = 31
"""Up to so many days are shown one by one; longer periods by the week."""
TAIL = 0.025
"""The chance of error on each side of an interval: 95 % confidence for both together."""


@dataclass(frozen=True)
class Scope:
    """A site, or one of its sections, and a period that ends now."""

    site: Site
    days: int
    """One of PERIODS."""
    now: datetime
    section: str | None = None
    """As stories name it; None: all of them."""

    @property
    def since(self) -> datetime:
        """The midnight, in the time zone of the newsroom, with which the period begins."""
        first = timezone.localtime(self.now).date() - timedelta(days=self.days - 1)
        return midnight(first)

    @cached_property
    def sums(self) -> Period:
        """The sums of the period: read once, however many ask."""
        return period(self.site, self.since, self.now, self.section)

    @property
    def step(self) -> int:
        """How many days a point in time stands for: 1 or 7."""
        return 1 if self.days <= DAILY else 7

    def bins(self) -> Iterator[date]:
        """Yield the first day of each point in time, the oldest first."""
        first, last = timezone.localtime(self.since).date(), timezone.localtime(self.now).date()
        while first <= last:
            yield first
            first += timedelta(days=self.step)

    def bin_of(self, day: date) -> date:
        """Return the first day of the point in time that a day of the period belongs to."""
        first = timezone.localtime(self.since).date()
        return day - timedelta(days=(day - first).days % self.step)

    def keep(self, rows: Rows, story: str) -> Rows:
        """Return the rows that belong here; `story` leads from a row to its story, as in "comment__story"."""
        return in_place(rows, story, self.site, self.section)

    def decisions(self) -> QuerySet[Decision]:
        """Return what people decided in these days, in no order."""
        rows = Decision.objects.filter(maker=Decision.Maker.PERSON, created_at__gte=self.since)
        return self.keep(rows, "comment__story").order_by()

    def comments(self, stories: Iterable[int]) -> QuerySet[Comment]:
        """Return what was written in these days under stories with these ids, in no order."""
        # Every status is named, so that the index over story, status and time serves.
        return Comment.objects.filter(
            story__in=stories, status__in=Comment.Status.values, created_at__gte=self.since
        ).order_by()
