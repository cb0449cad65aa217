"""An answer: by whoever is asked, once, in words; then the comment waits where it did before."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.answer_escalation import answer_escalation
from belowline.moderation.desks import MODERATORS, held_at
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalations import open_escalations


def test_the_comment_is_back_in_the_queue_with_the_answer(escalated, admin, held):
    row = answer_escalation(escalation=escalated(), by=admin, answer=" No: publish it. ")

    row.refresh_from_db()
    assert (row.state, row.answer, row.ended_by) == ("answered", "No: publish it.", admin)
    assert row.ended_at
    assert held_at(MODERATORS).get() == held
    assert not open_escalations().exists()


def test_the_event(escalated, admin):
    row = answer_escalation(escalation=escalated(), by=admin, answer="No.")

    event = Event.objects.get(tag="escalation:answered")
    assert (event.subject_id, event.actor_id, event.data) == (row.pk, admin.pk, {})


def test_the_colleague_who_was_asked_answers(escalated, other_moderator, moderator):
    row = answer_escalation(escalation=escalated(other_moderator), by=other_moderator, answer="I would publish it.")

    assert (row.state, row.ended_by) == ("answered", other_moderator)


@pytest.mark.parametrize(
    ("asked", "who", "says"),
    [
        (None, "moderator", "You asked this yourself"),
        (None, "other_moderator", "Somebody senior answers this"),
        (None, "reader", "Somebody senior answers this"),
        ("other_moderator", "moderator", "You asked this yourself"),
        ("other_moderator", "admin", "Another colleague was asked"),
        ("other_moderator", "reader", "Another colleague was asked"),
    ],
)
def test_nobody_else(request, escalated, asked, who, says):
    row = escalated(request.getfixturevalue(asked) if asked else None)

    with pytest.raises(PermissionDenied, match=says):
        answer_escalation(escalation=row, by=request.getfixturevalue(who), answer="No.")
    assert open_escalations().get() == row


def test_a_colleague_who_left_the_staff_answers_no_more(escalated, other_moderator):
    row = escalated(other_moderator)
    other_moderator.role = "reader"
    other_moderator.save()

    with pytest.raises(PermissionDenied):
        answer_escalation(escalation=row, by=other_moderator, answer="No.")


@pytest.mark.parametrize(("answer", "code"), [(" ", "note_required"), ("n" * 2_001, "note_too_long")])
def test_in_words(escalated, admin, answer, code):
    with pytest.raises(DecidingError) as caught:
        answer_escalation(escalation=escalated(), by=admin, answer=answer)
    assert caught.value.code == code
    assert open_escalations().count() == 1


def test_once(escalated, admin):
    row = escalated()
    answer_escalation(escalation=row, by=admin, answer="No.")

    with pytest.raises(DecidingError, match="answered") as caught:
        answer_escalation(escalation=row, by=admin, answer="Yes.")
    assert caught.value.code == "not_open"
    row.refresh_from_db()
    assert row.answer == "No."
