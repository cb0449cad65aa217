"""Accounts that were closed after a backup had been made: restoring it must not bring them back."""

from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError

from belowline.accounts.models import User
from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation.actions.close_account import close_account
from belowline.moderation.errors import ClosingError


class Erasure(NamedTuple):
    """An account that was closed after the backup had been made."""

    user_id: int
    deletes_comments: bool


def erasures_since(made_at: datetime) -> list[Erasure]:
    """Return the accounts that were closed in the database that is about to be replaced, after a moment."""
    try:
        found = list(Event.objects.filter(tag=tags.ACCOUNT_CLOSED, created_at__gt=made_at).order_by("pk"))
    except DatabaseError:
        # No database, or none that this version can read.
        return []
    return [Erasure(event.subject_id, bool(event.data.get("deletes_comments"))) for event in found]


def erase_again(erasure: Erasure) -> bool:
    """Close an account again that a backup has brought back; return whether that was possible."""
    user = User.objects.filter(pk=erasure.user_id).first()
    if user is None:
        return True
    try:
        close_account(user=user, deletes_comments=erasure.deletes_comments)
    except ClosingError:
        return False
    return True
