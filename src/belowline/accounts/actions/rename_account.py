"""A reader takes another display name."""

from django.db import transaction

from belowline.accounts.free_names import free_name
from belowline.accounts.models import User
from belowline.events import tags
from belowline.events.models import record_event


def rename_account(*, user: User, name: str) -> bool:
    """Give an account another name, under all its comments at once; return whether it is another one.

    Raises:
        ValidationError: the name is malformed, reserved, or looks like one already taken.
        IntegrityError: somebody took it in this very moment.
    """
    clean = free_name(name, owner=user)
    if clean == user.display_name:
        return False
    with transaction.atomic():
        user.display_name = clean
        user.save(update_fields=["display_name"])
        record_event(tags.ACCOUNT_RENAMED, subject_id=user.pk, actor_id=user.pk)
    return True
