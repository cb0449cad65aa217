"""Ticking a handover note off, and opening it again."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.close_handover import close_handover
from belowline.moderation.actions.reopen_handover import reopen_handover
from belowline.moderation.actions.write_handover import write_handover
from belowline.moderation.errors import HandoverError
from belowline.moderation.handover import Handover, handovers_for, open_handovers


@pytest.fixture
def note(moderator, site):
    return write_handover(by=moderator, text_source="Keep an eye on the bridge.", site=site)


def test_ticked_off_by_a_colleague(note, other_moderator, site):
    close_handover(note=note, by=other_moderator)

    kept = Handover.objects.get()
    assert (kept.closed_by, kept.closed_at is None) == (other_moderator, False)
    assert not open_handovers(other_moderator).exists()
    assert handovers_for(other_moderator).get() == note
    event = Event.objects.get(tag="handover:closed")
    assert (event.subject_id, event.actor_id, event.site_id) == (note.pk, other_moderator.pk, site.pk)


def test_somebody_was_faster(note, moderator, other_moderator):
    close_handover(note=note, by=other_moderator)
    with pytest.raises(HandoverError) as caught:
        close_handover(note=note, by=moderator)

    assert caught.value.code == "handover_closed"
    assert Handover.objects.get().closed_by == other_moderator
    assert Event.objects.filter(tag="handover:closed").count() == 1


def test_opened_again(note, moderator, other_moderator):
    close_handover(note=note, by=other_moderator)
    reopen_handover(note=note, by=moderator)

    kept = Handover.objects.get()
    assert (kept.closed_by, kept.closed_at) == (None, None)
    assert Event.objects.get(tag="handover:reopened").actor_id == moderator.pk
    with pytest.raises(HandoverError):
        reopen_handover(note=note, by=moderator)


@pytest.mark.parametrize("act", [close_handover, reopen_handover])
@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_who_may_not(note, account, act, role):
    with pytest.raises(PermissionDenied):
        act(note=note, by=account("Somebody", role))


def test_a_note_of_another_site_is_left_alone(note, local, other_site):
    with pytest.raises(HandoverError):
        close_handover(note=note, by=local(other_site))
    assert Handover.objects.get().closed_at is None
