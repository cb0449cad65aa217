"""Days that are over are counted once, so that the figures of months are there at once."""

from datetime import date, datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.day_counts import Judged, count_judged_by_day, count_stories_by_day, midnight
from belowline.moderation.day_models import SiteDay, StoryDay
from belowline.moderation.kept_days import ONE, days_between, kept_days, zone_name
from belowline.moderation.models import Decision
from belowline.stories.models import Site

KEPT = 100
"""Days that one can look back, and some more."""
SETTLED = timedelta(minutes=10)
"""So long after midnight nothing is written any more by what began before."""


def keep_days(*, site: Site, now: datetime | None = None) -> int:
    """Count the days of a site that are over and not counted, or to which something was added; return how many.

    No event: nothing that people see changes.
    """
    last = timezone.localdate((now or timezone.now()) - SETTLED) - ONE
    first = last - timedelta(days=KEPT - 1)
    kept = kept_days(site, first, last)
    missing = [day for day in days_between(first, last) if day not in kept]
    for day in missing:
        keep_day(site=site, day=day)
    SiteDay.objects.filter(site=site, day__lt=first).delete()
    StoryDay.objects.filter(story__site=site, day__lt=first).delete()
    return len(missing)


def keep_day(*, site: Site, day: date) -> None:
    """Count one day of a site, and write that down in the place of what was there. Raises nothing."""
    # Before anything is counted: what is added meanwhile must have a higher id.
    last_comment = Comment.objects.aggregate(last=Max("pk"))["last"] or 0
    last_decision = Decision.objects.aggregate(last=Max("pk"))["last"] or 0
    start, end = midnight(day), midnight(day + ONE)
    judged = count_judged_by_day(site, start, end).get(day, Judged())
    stories = count_stories_by_day(site, start, end)
    rows = [StoryDay(story_id=story, day=day, counts=_text(counts)) for (story, _), counts in stories.items()]
    with transaction.atomic():
        StoryDay.objects.filter(story__site=site, day=day).delete()
        StoryDay.objects.bulk_create(rows)
        SiteDay.objects.update_or_create(
            site=site,
            day=day,
            defaults={
                "zone": zone_name(),
                "judged": _text(judged),
                "last_comment": last_comment,
                "last_decision": last_decision,
            },
        )


def _text(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()
