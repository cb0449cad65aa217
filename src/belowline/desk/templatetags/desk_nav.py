"""Shows the desk's navigation: {% desk_nav "desk" %}, with the address name of the present page."""

from typing import Any

from django import template

from belowline.desk.nav import ENTRIES, waiting_counts
from belowline.moderation.watch import standings

register = template.Library()


@register.inclusion_tag("desk/_nav.html")
def desk_nav(current: str) -> dict[str, Any]:
    """Return what the navigation shows, and on every page what is wrong with the machine's promise."""
    counts = waiting_counts()
    rows = [(entry, counts.get(entry.url_name, 0)) for entry in ENTRIES]
    # Where work waits, and where one looks something up: on a phone each begins a line of its own.
    groups = [[row for row in rows if bool(row[0].waiting) is is_work] for is_work in (True, False)]
    # The page Guarantees says it itself, at length.
    return {"groups": groups, "current": current, "standings": [] if current == "guarantees" else standings()}
