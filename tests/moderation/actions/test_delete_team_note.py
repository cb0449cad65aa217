"""A note is taken away by its writer, or by an administrator."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.delete_team_note import delete_team_note
from belowline.moderation.actions.write_team_note import write_team_note
from belowline.moderation.team_models import TeamNote


@pytest.fixture
def note(reader, moderator):
    return write_team_note(about=reader, by=moderator, text_source="Knows the ferry well.")


@pytest.mark.parametrize("who", ["moderator", "admin"])
def test_deleted(note, reader, request, who):
    by = request.getfixturevalue(who)
    delete_team_note(note=note, by=by)

    assert not TeamNote.objects.exists()
    [event] = Event.objects.filter(tag="team_note:deleted")
    assert (event.actor_id, event.data) == (by.pk, {"about": reader.pk})


@pytest.mark.parametrize("who", ["other_moderator", "reader"])
def test_not_by_others(note, request, who):
    with pytest.raises(PermissionDenied):
        delete_team_note(note=note, by=request.getfixturevalue(who))
    assert TeamNote.objects.get() == note
