"""The form by which a card's comment is handed on, and what was asked about it: {% hand_on comment decision %}."""

from typing import Any

from django import template

from belowline.comments.models import Comment
from belowline.desk.hand_on import hand_on_context
from belowline.moderation.escalations import escalations_of
from belowline.moderation.models import Decision

register = template.Library()


@register.inclusion_tag("desk/_hand_on.html", takes_context=True)
def hand_on(context: template.Context, comment: Comment, decision: Decision | None, back: str = "") -> dict[str, Any]:
    """Return what the form shows; `back` is the path of the page that follows, or empty: the desk."""
    shown = hand_on_context(comment, context["request"].user)
    return shown | {"decision": decision, "back": back, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("desk/_asked.html")
def asked_about(comment: Comment) -> dict[str, Any]:
    """Return what colleagues asked and answered about a comment."""
    return {"asked": escalations_of(comment)}
