"""How long something has waited, in short words: {{ moment|waited }}."""

from datetime import datetime

from django import template

from belowline.notifications.desk_digest import waited as in_words

register = template.Library()


@register.filter
def waited(since: datetime) -> str:
    """Return the time since a moment, such as 3 h 20 min."""
    return in_words(since)
