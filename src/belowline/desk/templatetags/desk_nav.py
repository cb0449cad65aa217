"""Shows the desk's navigation: {% desk_nav "desk" %}, with the address name of the present page."""

from typing import Any

from django import template

from belowline.desk.nav import menus
from belowline.moderation.watch import standings

register = template.Library()


@register.inclusion_tag("desk/_nav.html")
def desk_nav(current: str) -> dict[str, Any]:
    """Return what the navigation shows, and on every page what is wrong with the machine's promise."""
    # The page Guarantees says it itself, at length.
    return {"menus": menus(current), "standings": [] if current == "guarantees" else standings()}
