"""Template tags about comments and their topic."""

from typing import Any

from django import template

from belowline.moderation.desks import MODERATORS, desk_of
from belowline.moderation.models import Decision
from belowline.moderation.topic import nearest_passage, topic_reason

register = template.Library()


@register.filter
def held_as_off_topic(decision: Decision | None) -> dict[str, Any] | None:
    """Return the engine's reason that the comment is off topic, or None."""
    return topic_reason(decision)


@register.filter
def nearest(decision: Decision) -> str:
    """Return the passage of the article that is nearest to the comment."""
    return nearest_passage(decision)


@register.filter
def routed(decision: Decision | None) -> list[dict[str, Any]]:
    """Return what was noted for another desk than the moderators': its explanation is for the author, too."""
    return [reason for reason in (decision.noted if decision else []) if desk_of(reason) != MODERATORS]
