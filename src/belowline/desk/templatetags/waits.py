"""How long something has waited: {{ since|waited:now }}."""

from datetime import datetime

from django import template

from belowline.desk.insights.tables import length

register = template.Library()


@register.filter
def waited(since: datetime, now: datetime) -> str:
    """Return the time from then to now in two units at most; nothing waits for less than no time."""
    return length(max(0.0, (now - since).total_seconds()))
