"""The publisher tells us of a story, or corrects it."""

from datetime import datetime

from django.db import transaction

from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Site, Story

MAX_BODY_CHARACTERS = 500_000


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
) -> tuple[Story, bool]:
    """Create or change the story with this key; return it and whether it is new.

    Raises:
        StoryInputError: no title, or a field is too long.
    """
    if not title.strip():
        raise StoryInputError("a story needs a title")
    limits = {
        "key": (key, 200),
        "title": (title, 500),
        "section": (section, 100),
        "url": (url, 1000),
        "body": (body, MAX_BODY_CHARACTERS),
    }
    for name, (value, limit) in limits.items():
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
    if published_at is not None:
        fields["published_at"] = published_at
    with transaction.atomic():
        story, is_new = Story.objects.update_or_create(site=site, key=key, defaults=fields)
        story.bump()
        tag = tags.STORY_CREATED if is_new else tags.STORY_CHANGED
        record_event(tag, subject_id=story.pk, site_id=site.pk)
    return story, is_new
