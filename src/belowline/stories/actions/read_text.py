"""The text of a story is read from its page."""

from django.db import transaction

from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.errors import StoryFetchError
from belowline.stories.fetch import fetch_article
from belowline.stories.models import Story

UNREAD = (Story.TextState.WAITING, Story.TextState.FAILED)


def read_text(*, story: Story) -> bool:
    """Read the page and keep its text; return whether that worked. A failure is kept for the operator."""
    if story.text_state not in UNREAD:
        return True
    # The publisher may send the text while we read the page: then theirs stays.
    unread = Story.objects.filter(pk=story.pk, text_state__in=UNREAD)
    try:
        article = fetch_article(story.site, story.url)
    except StoryFetchError as error:
        with transaction.atomic():
            unread.update(text_state=Story.TextState.FAILED, text_problem=error.message[:300])
            record_event(tags.STORY_FETCH_FAILED, subject_id=story.pk, site_id=story.site_id, code=error.code)
        return False
    with transaction.atomic():
        is_kept = unread.update(
            title=article.title[:500],
            standfirst=article.standfirst,
            body=article.body[:500_000],
            text_state=Story.TextState.FETCHED,
            text_problem="",
        )
        if is_kept:
            story.bump()
            read = ["title", "standfirst", "body"]
            record_event(tags.STORY_CHANGED, subject_id=story.pk, site_id=story.site_id, changed=read)
    return True
