"""A moderator writes a note about a commenter for the other moderators."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.acquaintance import require_concern
from belowline.moderation.errors import NoteError
from belowline.moderation.team_models import TeamNote

MAX_NOTE = 2_000


def write_team_note(*, about: User, by: User, text_source: str) -> TeamNote:
    """Add a note of at most 2,000 characters.

    Raises:
        PermissionDenied: they may not write notes, or this person never wrote where they may.
        NoteError: `note_empty` or `note_too_long`.
    """
    require_somewhere(by, Action.WRITE_NOTE)
    require_concern(about, by, Action.WRITE_NOTE)
    text = text_source.strip()
    if not text:
        raise NoteError("Write something first.", code="note_empty")
    if len(text) > MAX_NOTE:
        raise NoteError(f"Your note has {len(text):,} characters; at most {MAX_NOTE:,} fit.", code="note_too_long")
    with transaction.atomic():
        note = TeamNote.objects.create(about=about, text_source=text, written_by=by)
        record_event(tags.TEAM_NOTE_WRITTEN, subject_id=note.pk, actor_id=by.pk, about=about.pk)
    return note
