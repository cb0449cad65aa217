"""Another display name: checked, recorded without saying which, and read by everybody at once."""

import pytest
from django.core.exceptions import ValidationError

from belowline.accounts.actions.rename_account import rename_account
from belowline.accounts.models import User
from belowline.events.models import Event


def test_a_new_name(reader, stranger, written, story):
    written()
    address = f"/discussion/{story.pk}/"
    assert "Marjorie Tench" in stranger.get(address).content.decode()
    version = story.thread_version

    assert rename_account(user=reader, name=" Marjorie  of the Ferry ") is True
    story.refresh_from_db()
    assert story.thread_version > version
    shown = stranger.get(address).content.decode()
    assert "Marjorie of the Ferry" in shown
    assert "Marjorie Tench" not in shown
    [event] = Event.objects.filter(tag="account:renamed")
    assert (event.subject_id, event.actor_id, event.data) == (reader.pk, reader.pk, {})


def test_the_same_name_is_no_change(reader):
    assert rename_account(user=reader, name="Marjorie Tench") is False
    assert not Event.objects.filter(tag="account:renamed").exists()


@pytest.mark.parametrize("name", ["Ken Stubbs", "Moderator", "", "x" * 41, "a\u202eb"])
def test_what_is_refused_changes_nothing(reader, other_reader, name):
    with pytest.raises(ValidationError):
        rename_account(user=reader, name=name)

    assert User.objects.get(pk=reader.pk).display_name == "Marjorie Tench"
