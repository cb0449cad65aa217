"""Work on decisions that nobody should wait for."""

from django_tasks import task

from belowline.moderation.actions.rejudge_story import rejudge_story as rejudge
from belowline.stories.models import Story


@task()
def rejudge_story(story_id: int) -> int:
    """Judge what waits for its topic under a story again; return how many decisions that gave."""
    return len(rejudge(story=Story.objects.select_related("site").get(pk=story_id)))
