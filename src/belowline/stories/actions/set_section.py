"""An editor says how the stories of a section are discussed, or those of the whole site."""

from django.db import transaction
from django.db.models import F

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.controls import SectionControls, changed_fields, check_section
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Section, Site, Story

MAX_NAME_CHARACTERS = 100


def set_section(*, site: Site, name: str, controls: SectionControls, by: User) -> Section:
    """Set what is given for a section of this name and leave the rest; "" is the whole site. Return its row.

    The pages of all its stories are made anew: what is new holds at once.

    Raises:
        PermissionDenied: no moderator.
        StoryInputError: a value is none, or the name cannot be a section's.
    """
    require(by, Action.SET_SECTION, site=site, section=name)
    if "\x00" in name or len(name) > MAX_NAME_CHARACTERS:
        raise StoryInputError(f"a section's name has at most {MAX_NAME_CHARACTERS} characters, and no null character")
    values = check_section(controls)
    with transaction.atomic():
        row, _ = Section.objects.get_or_create(site=site, name=name)
        row = Section.objects.select_for_update().get(pk=row.pk)
        changed = changed_fields(row, values)
        if not changed:
            return row
        for field in changed:
            setattr(row, field, values[field])
        row.save(update_fields=changed)
        stories = Story.objects.filter(site=site, **({"section": name} if name else {}))
        stories.update(thread_version=F("thread_version") + 1)
        record_event(tags.SECTION_SET, subject_id=row.pk, site_id=site.pk, actor_id=by.pk, name=name, changed=changed)
    return row
