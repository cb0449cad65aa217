"""A story's text is read by the topic model, and what it computed is kept for every comment to come."""

from belowline.moderation.engine import base_engine
from belowline.moderation.story_readings import digest_of
from belowline.stories.models import Story, StoryReading


def keep_reading(*, story: Story) -> bool:
    """Read the story and keep what was computed; return False where there is nothing to read or it is kept already.

    No event: nothing that people see changes.

    Raises:
        ModelError: the engine cannot be loaded.
    """
    given, model = story.for_engine(), base_engine().story_model
    if given is None or not given.title or not model:
        return False
    digest = digest_of(given)
    if StoryReading.objects.filter(story=story.pk, model=model, digest=digest).exists():
        return False
    fields = {"model": model, "digest": digest, "data": base_engine().read_story(given)}
    StoryReading.objects.update_or_create(story=story, defaults=fields)
    return True
