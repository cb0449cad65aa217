"""The desk's own navigation: one entry a page, with how much waits there."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, QuerySet, Value

from belowline.moderation.appeals import open_appeals
from belowline.moderation.audits import waiting_audits
from belowline.moderation.desks import MODERATORS, held_at, listed_at
from belowline.moderation.notices import waiting_notices
from belowline.moderation.reports import comments_to_look_at


class Entry(NamedTuple):
    """A page of the desk."""

    url_name: str
    title: str
    waiting: Callable[[], tuple[QuerySet[Any], ...]] | None = None
    """What waits there, in one or more kinds; None: nothing ever does."""


ENTRIES = (
    Entry("desk", "Held", lambda: (held_at(MODERATORS),)),
    Entry("appeals", "Appeals", lambda: (open_appeals(),)),
    Entry("desk-notices", "Notices", lambda: (waiting_notices(),)),
    Entry("desk-reports", "Reported", lambda: (comments_to_look_at(),)),
    Entry("desk-newsroom", "Newsroom", lambda: (held_at("newsroom"), listed_at("newsroom"))),
    Entry("desk-corrections", "Corrections", lambda: (held_at("corrections"), listed_at("corrections"))),
    Entry("audit", "Audit", lambda: (waiting_audits(),)),
    Entry("desk-stories", "Stories"),
    Entry("desk-sections", "Sections"),
    Entry("desk-policy", "Policy"),
    Entry("guarantees", "Guarantees"),
    Entry("desk-faq", "FAQ"),
)
"""In the order in which they are shown."""


def waiting_counts() -> dict[str, int]:
    """Return by address name how much waits on each page where something can, all in one query."""
    counts = [
        _count(place, kind)
        for place, entry in enumerate(ENTRIES)
        if entry.waiting is not None
        for kind in entry.waiting()
    ]
    found = {entry.url_name: 0 for entry in ENTRIES if entry.waiting is not None}
    for place, count in counts[0].union(*counts[1:], all=True):
        found[ENTRIES[place].url_name] += count
    return found


def _count(place: int, kind: QuerySet[Any]) -> QuerySet[Any, tuple[int, int]]:
    """Return a query of one row: the place of an entry, and how many rows are of this kind."""
    one = kind.order_by().annotate(place=Value(place, IntegerField())).values("place")
    rows: QuerySet[Any, tuple[int, int]] = one.annotate(count=Count("pk")).values_list("place", "count")
    return rows
