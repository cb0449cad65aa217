"""An editor says how the discussion under a story goes: open or not and why, who reads first, how fast, with what."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.controls import Controls, changed_fields, check_controls
from belowline.stories.models import Story


def control_story(*, story: Story, controls: Controls, by: User) -> list[str]:
    """Set what is given and leave the rest; return the names of what is another now. The event names them too.

    Comments that wait stay with the moderators, also where the story is no longer pre-moderated.

    Raises:
        PermissionDenied: no moderator.
        StoryInputError: a value is none.
    """
    require(by, Action.CONTROL_STORY, site=story.site_id, section=story.section)
    values = check_controls(controls)
    with transaction.atomic():
        locked = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
        changed = changed_fields(locked, values)
        if changed:
            Story.objects.filter(pk=story.pk).update(**{name: values[name] for name in changed})
            story.bump()
            record_event(
                tags.STORY_CONTROLLED, subject_id=story.pk, site_id=story.site_id, actor_id=by.pk, changed=changed
            )
    for name, value in values.items():
        setattr(story, name, value)
    return changed
