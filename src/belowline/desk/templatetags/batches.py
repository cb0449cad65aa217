"""Batches on the desk's pages: {% batch_toast %} tells what the last click did, and offers to take it back."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from belowline.comments.ids import parse_id
from belowline.desk.batch_words import done_words, left_words, rule_words
from belowline.moderation.batches import Batch

FRESH = timedelta(minutes=2)
"""An address that is opened again later says nothing."""

register = template.Library()


@register.inclusion_tag("desk/_batch_toast.html", takes_context=True)
def batch_toast(context: template.RequestContext) -> dict[str, Any]:
    """Show the batch that the address names in `done`, while it is fresh, one's own, and stands."""
    request = context["request"]
    wanted = parse_id(request.GET.get("done", "")) or 0
    recent = Batch.objects.filter(pk=wanted, created_at__gt=timezone.now() - FRESH, undone_at=None)
    batch = recent.filter(moderator=request.user.pk).first()
    if batch is None:
        return {}
    query = request.GET.copy()
    query.pop("done")
    return {
        "batch": batch,
        "done": done_words(batch),
        "rule": rule_words(batch),
        "left": left_words(batch),
        "back": f"{request.path}?{query.urlencode()}",
        "csrf_token": context.get("csrf_token"),
    }
