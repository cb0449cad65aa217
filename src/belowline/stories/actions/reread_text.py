"""A moderator asks for a story's page to be read once more, after it could not be read."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.models import Story
from belowline.stories.tasks import read_story_text


def reread_text(*, story: Story, by: User) -> bool:
    """Have the page read by the worker; return False, and do nothing, where it was not one that failed.

    Raises:
        PermissionDenied: no moderator.
    """
    require(by, Action.CONTROL_STORY, site=story.site_id, section=story.section)
    with transaction.atomic():
        failed = Story.objects.filter(pk=story.pk, text_state=Story.TextState.FAILED).exclude(url="")
        if not failed.update(text_state=Story.TextState.WAITING, text_problem=""):
            return False
        record_event(tags.STORY_READ_AGAIN, subject_id=story.pk, site_id=story.site_id, actor_id=by.pk)
        read_story_text.enqueue(story.pk)
    return True
