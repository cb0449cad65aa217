"""What becomes of comments a little later: counts that everybody sees are shown together, not one by one.

A thousand recommendations a minute must not empty the page cache a thousand times. Whoever recommends sees their own
at once, in the answer to it.
"""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from belowline.stories.models import Story

SHOWN_EVERY_SECONDS = 10
"""Of one story: so often, at most, new counts make pages anew."""


@task()
def show_recommendations(story_id: int) -> bool:
    """Let all readers see the counts that have changed meanwhile; False: the story is gone."""
    story = Story.objects.filter(pk=story_id).first()
    if story is None:
        return False
    story.bump()
    return True


def show_soon(story: Story) -> None:
    """Show new counts at once where none were shown for ten seconds, else when these are over; in a transaction."""
    if cache.add(f"recommended:{story.pk}", 1, SHOWN_EVERY_SECONDS):
        story.bump()
    elif cache.add(f"recommended-later:{story.pk}", 1, SHOWN_EVERY_SECONDS):
        # A second more: what is counted in the last moment shall be written by then.
        later = timezone.now() + timedelta(seconds=SHOWN_EVERY_SECONDS + 1)
        show_recommendations.using(run_after=later).enqueue(story.pk)
