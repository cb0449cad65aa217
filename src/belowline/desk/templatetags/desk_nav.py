"""Shows the desk's navigation: {% desk_nav "desk" %}, with the address name of the present page."""

from typing import Any

from django import template

from belowline.accounts.permissions import Action, sites_for
from belowline.desk.nav import menus
from belowline.moderation.watch import standings

register = template.Library()


@register.inclusion_tag("desk/_nav.html", takes_context=True)
def desk_nav(context: dict[str, Any], current: str) -> dict[str, Any]:
    """Return what the navigation shows, and on every page what is wrong with the machine's promise."""
    user = context["user"]
    # The page Guarantees says it itself, at length.
    broken = [] if current == "guarantees" else standings()
    if broken:
        seen = set(sites_for(user, Action.SEE_INSIGHTS).values_list("pk", flat=True))
        broken = [found for found in broken if found.site.pk in seen]
    return {"menus": menus(current, user), "standings": broken}
