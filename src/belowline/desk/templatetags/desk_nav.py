"""Shows the desk's navigation: {% desk_nav "desk" %}, with the address name of the present page."""

from typing import Any

from django import template

from belowline.desk.nav import ENTRIES

register = template.Library()


@register.inclusion_tag("desk/_nav.html")
def desk_nav(current: str) -> dict[str, Any]:
    """Return what the navigation shows."""
    rows = [(entry, entry.waiting() if entry.waiting else 0) for entry in ENTRIES]
    return {"rows": rows, "current": current}
