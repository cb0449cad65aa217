"""Who looks at what is listed."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(holders: Mapping[int, str], comment_id: int) -> str:
    """Return who else looks at a comment now; empty: nobody."""
    return holders.get(comment_id, "")
