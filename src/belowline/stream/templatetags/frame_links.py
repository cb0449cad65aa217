"""What links carry on from page to page; known to every template without `load`."""

from typing import Any

from django import template
from django.template import Context

from belowline.stream.links import frame_query as query_of

register = template.Library()


@register.simple_tag(takes_context=True)
def frame_query(context: Context, **more: Any) -> str:
    """Return the query of a link within our pages: `{% frame_query order="newest" %}`; empty where there is none."""
    request = context.get("request")
    return query_of(request, **more) if request else ""
