"""Of which site, and of which days."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.models import Decision
from belowline.stories.models import Site

PERIODS = (7, 30, 90)
"""Days that one can look back."""
DAILY = 31
"""Up to so many days are shown one by one; longer periods by the week."""
TAIL = 0.025
"""The chance of error on each side of an interval: 95 % confidence for both together."""


class Scope(NamedTuple):
    """A site and a period that ends now."""

    site: Site
    days: int
    """One of PERIODS."""
    now: datetime

    @property
    def since(self) -> datetime:
        """The midnight, in the time zone of the newsroom, with which the period begins."""
        first = timezone.localtime(self.now).date() - timedelta(days=self.days - 1)
        return timezone.make_aware(datetime.combine(first, time.min))

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

    def decisions(self) -> QuerySet[Decision]:
        """Return what was decided in these days, by whomever, in no order."""
        # Every maker is named, so that the index over maker and time serves.
        rows = Decision.objects.filter(maker__in=Decision.Maker.values, created_at__gte=self.since)
        return rows.filter(comment__story__site=self.site).order_by()

    def comments(self) -> QuerySet[Comment]:
        """Return what was written in these days, in no order."""
        # Every status is named, so that the index over status and time serves.
        rows = Comment.objects.filter(status__in=Comment.Status.values, created_at__gte=self.since)
        return rows.filter(story__site=self.site).order_by()
