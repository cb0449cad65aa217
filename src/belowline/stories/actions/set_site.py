"""The operator says what a site is called, which language it speaks, and who may write."""

import re
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Site, Story

TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")


class SiteChanges(NamedTuple):
    """What is to be changed; None leaves it as it is."""

    name: str | None = None
    """1 to 100 characters."""
    language: str | None = None
    """A tag in small letters, such as de; empty: the first of the site's policy."""
    contact_email: str | None = None
    """Where readers may write to; empty: they are told of none."""
    requires_verified_email: bool | None = None


def set_site(*, site: Site, changes: SiteChanges) -> list[str]:
    """Set what is given, and return the names of the fields that are new. Their thread pages are made anew.

    The caller is the operator at the command line: nobody else is asked for.

    Raises:
        StoryInputError: a value is none; nothing was changed.
    """
    with transaction.atomic():
        row = Site.objects.select_for_update().get(pk=site.pk)
        changed = _apply(row, changes)
        if changed:
            row.save(update_fields=changed)
            Story.objects.filter(site=row).update(thread_version=F("thread_version") + 1)
            record_event(tags.SITE_SET, subject_id=row.pk, site_id=row.pk, changed=changed)
    site.refresh_from_db()
    return changed


def _apply(row: Site, changes: SiteChanges) -> list[str]:
    if changes.language and not TAG.fullmatch(changes.language):
        raise StoryInputError("language: this is no language tag such as de or pt-br")
    given = {name: value for name, value in changes._asdict().items() if value is not None}
    if any("\x00" in value for value in given.values() if isinstance(value, str)):
        raise StoryInputError("a null character is in it")
    changed = [name for name, value in given.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, given[name])
    try:
        row.clean_fields(exclude=("key", "domains", "theme", "created_at"))
    except ValidationError as error:
        told = (f"{name}: {' '.join(words)}" for name, words in error.message_dict.items())
        raise StoryInputError("; ".join(told)) from error
    return changed
