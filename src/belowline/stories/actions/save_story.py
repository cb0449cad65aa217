"""The publisher tells us of a story, or corrects it."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction

from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.controls import Controls, check_controls, check_time
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Site, Story

MAX_BODY_CHARACTERS = 500_000
JUDGED_BY = ("title", "standfirst", "body", "section", "judges_topic")
"""What a comment is judged by: the event names what of it was changed."""


def save_story(  # noqa: PLR0913 - the fields of a story
    *,
    site: Site,
    key: str,
    title: str,
    body: str = "",
    standfirst: str = "",
    section: str = "",
    url: str = "",
    published_at: datetime | None = None,
    is_open: bool = True,
    judges_topic: bool | None = None,
    controls: Controls | None = None,
) -> tuple[Story, bool]:
    """Create or change the story with this key; return it and whether it is new.

    `judges_topic` None leaves the switch as it is; a new story judges topics. What `controls` does not name stays too.

    Raises:
        StoryInputError: no title, a field is too long, or holds what cannot be kept.
    """
    if not title.strip():
        raise StoryInputError("a story needs a title")
    if url and not re.match(r"https?://[^/\s]", url):
        raise StoryInputError("url must begin with https:// or http:// and name a host")
    limits = {
        "key": (key, 200),
        "title": (title, 500),
        "section": (section, 100),
        "url": (url, 1000),
        "standfirst": (standfirst, MAX_BODY_CHARACTERS),
        "body": (body, MAX_BODY_CHARACTERS),
    }
    for name, (value, limit) in limits.items():
        if "\x00" in value:
            raise StoryInputError(f"{name} holds a null character; remove it")
        if len(value) > limit:
            raise StoryInputError(f"{name} has {len(value)} characters; at most {limit} are kept")
    fields = {
        "title": title.strip(),
        "body": body,
        "standfirst": standfirst,
        "section": section,
        "url": url,
        "is_open": is_open,
        "text_state": Story.TextState.GIVEN,
        "text_problem": "",
    }
    if judges_topic is not None:
        fields["judges_topic"] = judges_topic
    if published_at is not None:
        fields["published_at"] = check_time("published_at", published_at)
    return _write(site, key, fields, check_controls(controls or {}))


def _write(site: Site, key: str, fields: dict[str, Any], controls: dict[str, Any]) -> tuple[Story, bool]:
    """Write the row, an event that names what comments are judged by and is another now, and one for the controls."""
    with transaction.atomic():
        before = Story.objects.filter(site=site, key=key).values(*JUDGED_BY, *controls).first() or {}
        story, is_new = Story.objects.update_or_create(site=site, key=key, defaults=fields | controls)
        story.bump()
        changed = [name for name in before if before[name] != getattr(story, name)]
        judged = [name for name in changed if name in JUDGED_BY]
        data: dict[str, Any] = {"changed": judged} if judged else {}
        record_event(tags.STORY_CREATED if is_new else tags.STORY_CHANGED, subject_id=story.pk, site_id=site.pk, **data)
        if is_new and controls:
            changed = sorted(controls)
        if controlled := sorted(set(changed) & set(controls)):
            record_event(tags.STORY_CONTROLLED, subject_id=story.pk, site_id=site.pk, changed=controlled)
    return story, is_new
