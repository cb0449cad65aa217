"""What the published comments under a story are about is looked at and kept, so that no page waits for the encoder."""

from django.db import transaction

from belowline.comments.models import StorySubjects
from belowline.moderation.subjects import PUBLIC, map_story
from belowline.stories.models import Story

MOST_SHOWN = 6
"""Subjects that readers can choose from: the largest."""


def keep_subjects(*, story: Story) -> int:
    """Keep the subjects of a story's published comments for its readers; return how many there are.

    No event: nothing is decided by it.

    Raises:
        ModelError: the engine cannot be loaded.
    """
    found = [
        {"name": subject.name, "comments": [comment.id for comment in subject.comments]}
        for subject in map_story(story, PUBLIC).subjects[:MOST_SHOWN]
    ]
    with transaction.atomic():
        before = StorySubjects.objects.filter(story=story).first()
        counted = Story.objects.values_list("comment_count", flat=True).get(pk=story.pk)
        fields = {"found": found, "counted": counted, "planned_at": None}
        StorySubjects.objects.update_or_create(story=story, defaults=fields)
        if found != (before.found if before else []):
            story.bump()
    return len(found)
