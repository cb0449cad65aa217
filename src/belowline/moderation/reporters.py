"""Whose reports were right before, and what a new one therefore weighs. Reports as off topic stand outside of it.

A report is right when a person removed the comment, and wrong when a person kept it. Right ones count once for each
author reported, so that nobody grows by reporting a second account of their own; wrong ones count each. What is older
than a year is forgotten.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils import timezone

from belowline.moderation.models import Report
from belowline.moderation.report_models import ReporterMute

REMEMBERED = timedelta(days=365)
LEAST_ANSWERED = 5
"""So many answered reports make a record."""
SMOOTHING = 2
"""So many right and as many wrong reports everybody begins with: five right ones are no proof of perfection."""
UNPROVEN_WEIGHT = 0.2
"""Of a report by somebody without a record."""


class ReporterRecord(NamedTuple):
    """How somebody's reports of the last year ended."""

    right: int = 0
    """Authors about whom they were right."""
    wrong: int = 0
    """Reports after which the comment was kept."""
    is_muted: bool = False

    @property
    def answered(self) -> int:
        """Return how many reports the record is made of."""
        return self.right + self.wrong

    @property
    def is_proven(self) -> bool:
        """Whether there are enough of them to go by."""
        return self.answered >= LEAST_ANSWERED

    @property
    def accuracy(self) -> float:
        """Return the share in (0, 1) of right ones, smoothed: 0.5 for somebody of whom nothing is known."""
        return (self.right + SMOOTHING) / (self.answered + 2 * SMOOTHING)

    @property
    def weight(self) -> float:
        """Return what a report weighs, in [0, 1]: 0 for who is muted, or right no more often than wrong."""
        if self.is_muted:
            return 0.0
        return max(0.0, 2 * self.accuracy - 1) if self.is_proven else UNPROVEN_WEIGHT


def records_of(reporters: Collection[int]) -> dict[int, ReporterRecord]:
    """Return the record of every account of these, in two queries."""
    answered = (
        Report.objects.filter(reporter__in=reporters, decided_at__gte=timezone.now() - REMEMBERED)
        .exclude(Q(decided_by=None) | Q(category=Report.Category.OFF_TOPIC))
        .order_by()
        .values_list("reporter")
        .annotate(
            right=Count("comment__author", distinct=True, filter=Q(state=Report.State.ACCEPTED)),
            wrong=Count("pk", filter=Q(state=Report.State.DECLINED)),
        )
    )
    muted = set(ReporterMute.objects.in_force().filter(reporter__in=reporters).values_list("reporter_id", flat=True))
    found = {reporter: (right, wrong) for reporter, right, wrong in answered}
    return {key: ReporterRecord(*found.get(key, (0, 0)), is_muted=key in muted) for key in reporters}


def mute_of(reporter_id: int) -> ReporterMute | None:
    """Return the mute under which somebody's reports are not received now; the one that ends last."""
    found: ReporterMute | None = (
        ReporterMute.objects.in_force().filter(reporter=reporter_id).order_by("-ends_at").first()
    )
    return found
