"""What links carry on from page to page; known to every template without `load`."""

from typing import Any

from django import template
from django.template import Context

from belowline.stream import links

register = template.Library()


@register.simple_tag(takes_context=True)
def frame_query(context: Context, **more: Any) -> str:
    """Return the query of a link within our pages: `{% frame_query order="newest" %}`; empty where there is none."""
    request = context.get("request")
    return links.frame_query(request, **more) if request else ""


@register.simple_tag(takes_context=True)
def language_query(context: Context) -> str:
    """Return the query of a link that leads out of the frame, in a new tab."""
    request = context.get("request")
    return links.language_query(request) if request else ""
