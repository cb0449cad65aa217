"""Moderators note for each other what they know of a commenter."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.write_team_note import MAX_NOTE, write_team_note
from belowline.moderation.errors import NoteError
from belowline.moderation.team_models import TeamNote


def test_written(reader, moderator):
    note = write_team_note(about=reader, by=moderator, text_source=" Knows the ferry well.\n")

    assert (note.about, note.written_by, note.text_source) == (reader, moderator, "Knows the ferry well.")
    [event] = Event.objects.filter(tag="team_note:written")
    assert (event.subject_id, event.actor_id, event.data) == (note.pk, moderator.pk, {"about": reader.pk})


@pytest.mark.parametrize(("text", "code"), [(" \n", "note_empty"), ("x" * (MAX_NOTE + 1), "note_too_long")])
def test_not_empty_and_not_too_long(reader, moderator, text, code):
    with pytest.raises(NoteError) as refused:
        write_team_note(about=reader, by=moderator, text_source=text)

    assert refused.value.code == code
    assert not TeamNote.objects.exists()


def test_readers_write_none(reader, other_reader):
    with pytest.raises(PermissionDenied):
        write_team_note(about=reader, by=other_reader, text_source="A fool.")
