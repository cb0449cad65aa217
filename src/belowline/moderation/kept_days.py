"""Days as they were counted when they were over, and the others counted from their rows: always the same figures."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import msgspec
from django.db.models import Q
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.day_counts import Counts, Judged, count_judged_by_day, count_stories_by_day, midnight
from belowline.moderation.day_models import SiteDay, StoryDay
from belowline.moderation.models import Decision
from belowline.stories.models import Site, Story
from belowline.stories.places import in_place

COUNTS, JUDGED = msgspec.json.Decoder(Counts), msgspec.json.Decoder(Judged)
ONE = timedelta(days=1)


class StoryDayCounts(NamedTuple):
    """What happened under one story in one day."""

    story_id: int
    day: date
    counts: Counts


def days_between(first: date, last: date) -> list[date]:
    """Return all days from the first to the last, both too."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def kept_days(site: Site, first: date, last: date) -> set[date]:
    """Return the days of a site that are counted, in the present time zone, and to which nothing was added since."""
    rows = SiteDay.objects.filter(site=site, day__gte=first, day__lte=last, zone=zone_name())
    found = list(rows.values_list("day", "last_comment", "last_decision"))
    if not found:
        return set()
    days, comments, decisions = zip(*found, strict=True)
    start, end = midnight(min(days)), midnight(max(days) + ONE)
    late = Q(created_at__gte=start, created_at__lt=end)
    written = in_place(Comment.objects.filter(late, pk__gt=max(comments)), "story", site)
    decided = in_place(Decision.objects.filter(late, pk__gt=max(decisions)), "comment__story", site)
    added = {*_days_of(written.values_list("created_at", flat=True))}
    added |= {*_days_of(decided.values_list("created_at", flat=True))}
    return set(days) - added


def zone_name() -> str:
    """Return the name of the present time zone."""
    return timezone.get_current_timezone_name()


def story_days(site: Site, first: date, last: date, section: str | None = None) -> Iterator[StoryDayCounts]:
    """Yield what happened under each story in each day from the first to the last; a section alone, where one is named.

    What is not kept is counted from its rows.
    """
    kept = kept_days(site, first, last)
    stories = Story.objects.filter(site=site)
    if section is not None:
        stories = stories.filter(section=section)
    rows = StoryDay.objects.filter(day__gte=first, day__lte=last, story__in=stories).order_by()
    for story_id, day, raw in rows.values_list("story_id", "day", "counts").iterator():
        if day in kept:
            yield StoryDayCounts(story_id, day, COUNTS.decode(raw))
    ids = None if section is None else {*stories.values_list("pk", flat=True)}
    for start, end in _gaps(kept, first, last):
        for (story_id, day), counts in count_stories_by_day(site, midnight(start), midnight(end + ONE)).items():
            if ids is None or story_id in ids:
                yield StoryDayCounts(story_id, day, counts)


def judged_days(site: Site, first: date, last: date) -> dict[date, Judged]:
    """Return what the machine decided and measured on a site in each day on which it did."""
    kept = kept_days(site, first, last)
    rows = SiteDay.objects.filter(site=site, day__in=kept).values_list("day", "judged")
    found = {day: JUDGED.decode(raw) for day, raw in rows}
    for start, end in _gaps(kept, first, last):
        found |= count_judged_by_day(site, midnight(start), midnight(end + ONE))
    return found


def _gaps(kept: set[date], first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each stretch of days that are not kept."""
    edges: Sequence[date] = sorted(day for day in kept if first <= day <= last)
    for before, after in pairwise([first - ONE, *edges, last + ONE]):
        if after - before > ONE:
            yield before + ONE, after - ONE


def _days_of(moments: Iterable[datetime]) -> Iterator[date]:
    return (timezone.localdate(at) for at in moments)
