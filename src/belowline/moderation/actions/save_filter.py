"""A moderator keeps a part of the work under a name."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import DecidingError
from belowline.moderation.filter_models import NAME_CHARACTERS, SavedFilter
from belowline.moderation.queue_order import Narrowed
from belowline.stories.models import Site, Story

MAX_FILTERS = 30
"""Of one moderator."""


def save_filter(*, owner: User, name: str, terms: Narrowed, is_shared: bool = False) -> SavedFilter:
    """Keep a filter under a name; the one that the owner has kept under this name is replaced.

    Raises:
        PermissionDenied: not of the staff.
        DecidingError: `filter_nameless` (no name, or one of more than 60 characters), `filter_empty` (it lets
            everything through), `filter_unknown` (no such site or story) or `too_many_filters` (30 are kept already).
    """
    require_somewhere(owner, Action.SEE_DESK)
    kept = check_name(name)
    if not any(terms):
        raise DecidingError("Choose what the filter lets through: now it is everything.", code="filter_empty")
    fields = _rows(terms) | {"section": terms.section, "language": terms.language, "rule": terms.rule}
    with transaction.atomic():
        # The owner's row is locked, so that two forms sent at once are counted one after the other.
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        others = SavedFilter.objects.filter(owner=owner).exclude(name=kept)
        if others.count() >= MAX_FILTERS:
            raise DecidingError(f"You keep {MAX_FILTERS} filters already. Delete one first.", code="too_many_filters")
        saved, _ = SavedFilter.objects.update_or_create(
            owner=owner, name=kept, defaults=fields | {"is_shared": is_shared}
        )
        site_id = saved.site_id
        record_event(tags.FILTER_SAVED, subject_id=saved.pk, site_id=site_id, actor_id=owner.pk, is_shared=is_shared)
    return saved


def check_name(name: str) -> str:
    """Return a filter's name without blanks around it.

    Raises:
        DecidingError: `filter_nameless`.
    """
    kept = " ".join(name.replace("\x00", "").split())
    if not 0 < len(kept) <= NAME_CHARACTERS:
        raise DecidingError(f"Give the filter a name of at most {NAME_CHARACTERS} characters.", code="filter_nameless")
    return kept


def _rows(terms: Narrowed) -> dict[str, Site | Story | None]:
    """Return the rows that the terms name.

    Raises:
        DecidingError: `filter_unknown`.
    """
    site = Site.objects.filter(key=terms.site).first() if terms.site else None
    story = Story.objects.filter(pk=terms.story).first() if terms.story else None
    if (terms.site and site is None) or (terms.story and story is None):
        raise DecidingError("There is no such site or story any more.", code="filter_unknown")
    return {"site": site, "story": story}
