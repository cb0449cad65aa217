"""An editor says whether comments under a story are judged for their topic."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.models import Story


def switch_topic(*, story: Story, is_on: bool, by: User) -> None:
    """Let comments under the story be held as off topic, or not; switching to what is there does nothing.

    Raises:
        PermissionDenied: no moderator.
    """
    require(by, Action.CONTROL_STORY, site=story.site_id, section=story.section)
    with transaction.atomic():
        if not Story.objects.filter(pk=story.pk).exclude(judges_topic=is_on).update(judges_topic=is_on):
            return
        story.judges_topic = is_on
        story.bump()
        record_event(tags.STORY_TOPIC_SWITCHED, subject_id=story.pk, site_id=story.site_id, actor_id=by.pk, is_on=is_on)
