"""Work on stories that nobody should wait for."""

from django_tasks import task

from belowline.stories.actions.read_text import read_text
from belowline.stories.models import Story


@task()
def read_story_text(story_id: int) -> bool:
    """Read a story's text from its page; repeating it does no harm."""
    return read_text(story=Story.objects.select_related("site").get(pk=story_id))
