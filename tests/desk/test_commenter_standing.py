"""What a card says of its author: measures in force, how many before, and that the team noted something."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.events.models import Event
from belowline.moderation.actions.lift_sanction import lift_sanction
from belowline.moderation.actions.write_team_note import write_team_note
from belowline.moderation.sanction_models import Sanction


@pytest.fixture
def card(as_moderator, held):
    def call():
        return as_moderator.get("/desk/").content.decode()

    return call


def test_of_somebody_new_only_the_way_to_a_measure(card, held):
    page = card()

    assert f"/desk/commenters/{held.author_id}/?comment={held.pk}#measure" in page
    assert "earlier measure" not in page
    assert "of the team" not in page


def test_what_is_in_force_and_what_was(card, sanction, admin):
    over = sanction("premoderate")
    Sanction.objects.filter(pk=over.pk).update(ends_at=timezone.now() - timedelta(days=1))
    lift_sanction(sanction=sanction("warn"), by=admin)
    sanction("suspend")
    page = card()

    assert "Suspension until" in page
    assert "1 earlier measure." in page


def test_notes_are_counted_and_not_shown(card, reader, moderator):
    write_team_note(about=reader, by=moderator, text_source="Knows the ferry well.")
    write_team_note(about=reader, by=moderator, text_source="Has a brother.")
    page = card()

    assert "2 notes of the team" in page
    assert "Knows the ferry well." not in page
    assert not Event.objects.filter(tag="account:looked_at").exists()
