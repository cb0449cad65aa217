"""What happened on a site, or in one of its sections, in some days: summed from what was counted day by day."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec
from django.utils import timezone

from belowline.moderation.day_counts import HOURS
from belowline.moderation.kept_days import StoryDayCounts, story_days
from belowline.moderation.queries import MIN_FOR_WAIT
from belowline.stories.models import Site


class HourWait(msgspec.Struct, frozen=True):
    """How long comments written in one hour of the day waited for a person."""

    hour: int
    """0 to 23, in the time zone of the pages."""
    decisions: int
    median: timedelta | None
    """None: fewer than five decisions, too few to say."""


class Period(NamedTuple):
    """The sums of some days."""

    written: Counter[int]
    """Hour of the day, 0 to 23 -> comments written in it."""
    waits: tuple[HourWait, ...]
    """24 entries."""
    median: timedelta | None
    """Of all waits together; None as there."""
    decided: int
    """First decisions of people about what was held; the medians are made of their waits."""
    machine: dict[date, Counter[str]]
    """Day -> outcome -> judgements of the machine, those of `read_first` too."""
    read_first: dict[date, Counter[str]]
    """Day -> code of premoderation -> judgements by which a comment waited for nothing else."""
    holds: dict[str, tuple[int, int]]
    """Rule by which the machine had held -> how many of these people published, and refused."""
    by_story: Counter[int]
    """Id of a story -> comments written under it."""


def period(site: Site, since: datetime, now: datetime, section: str | None = None) -> Period:
    """Return the sums from the day of `since` to that of `now`, both whole; a section alone, where one is named."""
    return _sum(story_days(site, timezone.localdate(since), timezone.localdate(now), section))


def _sum(days: Iterable[StoryDayCounts]) -> Period:
    written, by_story = Counter[int](), Counter[int]()
    machine: dict[date, Counter[str]] = defaultdict(Counter)
    read_first: dict[date, Counter[str]] = defaultdict(Counter)
    holds: dict[str, tuple[int, int]] = {}
    waits: dict[int, list[int]] = defaultdict(list)
    for story_id, day, counts in days:
        for hour, count in counts.written.items():
            written[hour] += count
            by_story[story_id] += count
        _add_all(machine[day], counts.machine)
        _add_all(read_first[day], counts.read_first)
        for hour, wait in counts.waits:
            waits[hour].append(wait)
        for rule, (published, refused) in counts.holds.items():
            before = holds.get(rule, (0, 0))
            holds[rule] = (before[0] + published, before[1] + refused)
    every = [wait for found in waits.values() for wait in found]
    by_hour = tuple(HourWait(hour, len(waits[hour]), median_of(waits[hour])) for hour in range(HOURS))
    return Period(written, by_hour, median_of(every), len(every), machine, read_first, holds, by_story)


def _add_all(total: Counter[str], counts: dict[str, int]) -> None:
    for name, count in counts.items():
        total[name] += count


def median_of(waits: list[int]) -> timedelta | None:
    """Return the median of waits in microseconds; None: fewer than five, too few to say."""
    if len(waits) < MIN_FOR_WAIT:
        return None
    middle, odd = divmod(len(waits), 2)
    ordered = sorted(waits)
    return timedelta(microseconds=ordered[middle] if odd else (ordered[middle - 1] + ordered[middle]) / 2)
