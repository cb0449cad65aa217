"""A moderator takes a note about a commenter away again."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, require_somewhere
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.team_models import TeamNote


def delete_team_note(*, note: TeamNote, by: User) -> None:
    """Delete a note: one's own, or any for an administrator.

    Raises:
        PermissionDenied: they may not write notes, or somebody else wrote it.
    """
    require_somewhere(by, Action.WRITE_NOTE)
    if note.written_by_id != by.pk and not may(by, Action.MANAGE_PEOPLE):
        raise PermissionDenied("a colleague wrote this note")
    with transaction.atomic():
        record_event(tags.TEAM_NOTE_DELETED, subject_id=note.pk, actor_id=by.pk, about=note.about_id)
        note.delete()
