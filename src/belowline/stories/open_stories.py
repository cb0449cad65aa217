"""Which of a site's stories are open, closed or pre-moderated at a moment, as conditions for the database.

The same as `discussion.settle` says of each (a test compares the two), for sites with more stories than fit in memory.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q

from belowline.stories.discussion import Layer, merged, site_layers
from belowline.stories.models import Mode, Site, Story


class StoryCounts(NamedTuple):
    """How many stories of a site stand how."""

    open: int
    closed: int
    premoderated: int
    """Of the open ones."""
    unjudged_topics: int
    """Of the open ones: an editor has switched the topic check off."""


def count_stories(site: Site, now: datetime) -> StoryCounts:
    """Count a site's stories by how their discussions stand, in two queries."""
    groups = _groups(site)
    closed, premoderated = _closed(groups, now), _of_mode(groups, Mode.PREMODERATED)
    found = Story.objects.filter(site=site).aggregate(
        open=Count("pk", filter=~closed),
        closed=Count("pk", filter=closed),
        premoderated=Count("pk", filter=premoderated & ~closed),
        unjudged_topics=Count("pk", filter=Q(judges_topic=False) & ~closed),
    )
    return StoryCounts(**found)


def _groups(site: Site) -> list[tuple[Q, Layer]]:
    """Return the sections that have a word of their own, then all the others, each with what holds there."""
    layers = site_layers(site)
    base = layers.pop("", Layer())
    named = [(Q(section=name), merged([layer, base])) for name, layer in layers.items()]
    return [*named, (~Q(section__in=list(layers)), merged([base]))]


def _closed(groups: list[tuple[Q, Layer]], now: datetime) -> Q:
    """Return the condition that a discussion is closed, whatever closed it."""
    found = Q(is_open=False) | _of_mode(groups, Mode.CLOSED) | Q(closes_at__isnull=False, closes_at__lte=now)
    for where, layer in groups:
        if layer.closes_after_hours and (youngest := _before(now, layer.closes_after_hours)):
            found |= where & Q(closes_at__isnull=True, published_at__lte=youngest)
    return found


def _of_mode(groups: list[tuple[Q, Layer]], mode: Mode) -> Q:
    """Return the condition that a story has this mode, of its own or by its section."""
    found = Q(mode=mode)
    for where, layer in groups:
        if layer.mode == mode:
            found |= where & Q(mode="")
    return found


def _before(now: datetime, hours: int) -> datetime | None:
    try:
        return now - timedelta(hours=hours)
    except OverflowError:
        return None
