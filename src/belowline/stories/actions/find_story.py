"""A paper's page shows its comments: find the story, or make one and have its text read."""

from django.db import transaction

from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.errors import StoryFetchError
from belowline.stories.fetch import check_url
from belowline.stories.models import Site, Story
from belowline.stories.tasks import read_story_text


def find_story(*, site: Site, key: str, url: str = "") -> Story:
    """Return the story with this key; a new one is made for an address on the site's own domains.

    Raises:
        StoryFetchError: `url_not_allowed`: there is no such story and the address is not the site's.
    """
    key = key or key_of_url(url)
    if found := Story.objects.filter(site=site, key=key).first():
        return found
    if len(key) > 200 or len(url) > 1000:  # noqa: PLR2004 - the lengths of the columns
        raise StoryFetchError("the story's key or address is too long", code="url_not_allowed")
    check_url(site, url)
    with transaction.atomic():
        story, is_new = Story.objects.get_or_create(site=site, key=key, defaults={"url": url})
        if is_new:
            record_event(tags.STORY_CREATED, subject_id=story.pk, site_id=site.pk)
            transaction.on_commit(lambda: read_story_text.enqueue(story.pk))
    return story


def key_of_url(url: str) -> str:
    """Return the address without query and fragment: the same page is the same story."""
    return url.partition("#")[0].partition("?")[0].rstrip("/")
