"""Shows the handover notes that stand: {% handover_notes %}, on the desk's front."""

from typing import Any

from django import template

from belowline.moderation.handover import open_handovers

register = template.Library()
SHOWN = 3


@register.inclusion_tag("desk/_handover.html", takes_context=True)
def handover_notes(context: dict[str, Any]) -> dict[str, Any]:
    """Return the newest notes for whoever reads the page, and how many more there are."""
    notes = list(open_handovers(context["user"]))
    return {"notes": notes[:SHOWN], "more": len(notes) - SHOWN}
