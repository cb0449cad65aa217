"""Asks in a template what somebody may do: {% permitted "remove" comment.story as may_remove %}."""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from belowline.accounts.permissions import Action, may, may_somewhere

register = template.Library()


@register.simple_tag(takes_context=True)
def permitted(context: dict[str, Any], action: str, story: Any = None, *, site: Any = None, section: str = "") -> bool:
    """Say whether who reads the page may do this under a story, or on a site; with neither: somewhere.

    Raises:
        ValueError: there is no such action.
    """
    user = context.get("user") or AnonymousUser()
    if story is not None:
        site, section = story.site_id, story.section
    if site is None:
        return may_somewhere(user, Action(action))
    return may(user, Action(action), site=site, section=section)
