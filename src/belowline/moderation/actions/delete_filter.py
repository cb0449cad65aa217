"""A moderator gives a saved filter up."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require, require_somewhere
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.filter_models import SavedFilter


def delete_filter(*, saved: SavedFilter, by: User) -> None:
    """Delete a filter; one that is gone already is no error.

    Raises:
        PermissionDenied: it is another moderator's, and `by` is no administrator; or `by` is not of the staff.
    """
    require_somewhere(by, Action.SEE_DESK)
    if saved.owner_id != by.pk:
        require(by, Action.MANAGE_PEOPLE)
    with transaction.atomic():
        deleted, _ = SavedFilter.objects.filter(pk=saved.pk).delete()
        if deleted:
            record_event(tags.FILTER_DELETED, subject_id=saved.pk, site_id=saved.site_id, actor_id=by.pk)
