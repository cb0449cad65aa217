"""Whoever asked, or could have answered, ends an escalation without an answer."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.withdraw_escalation import withdraw_escalation
from belowline.moderation.desks import MODERATORS, held_at
from belowline.moderation.errors import DecidingError


@pytest.mark.parametrize("who", ["moderator", "admin"])
def test_by_whoever_asked_and_whoever_could_answer(request, escalated, held, who):
    by = request.getfixturevalue(who)
    row = withdraw_escalation(escalation=escalated(), by=by)

    row.refresh_from_db()
    assert (row.state, row.ended_by, row.answer) == ("withdrawn", by, "")
    assert held_at(MODERATORS).get() == held
    event = Event.objects.get(tag="escalation:withdrawn")
    assert (event.subject_id, event.actor_id) == (row.pk, by.pk)


@pytest.mark.parametrize("who", ["other_moderator", "reader"])
def test_by_nobody_else(request, escalated, who):
    row = escalated()
    with pytest.raises(PermissionDenied):
        withdraw_escalation(escalation=row, by=request.getfixturevalue(who))

    row.refresh_from_db()
    assert row.is_open


def test_once(escalated, moderator):
    row = withdraw_escalation(escalation=escalated(), by=moderator)
    with pytest.raises(DecidingError) as caught:
        withdraw_escalation(escalation=row, by=moderator)

    assert caught.value.code == "not_open"
    assert Event.objects.filter(tag="escalation:withdrawn").count() == 1
