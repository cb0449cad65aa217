"""A comment is left to somebody senior, or a colleague is asked: once, with a note, and where somebody can answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from belowline.events.models import Event
from belowline.moderation.actions.escalate_comment import escalate_comment
from belowline.moderation.desks import MODERATORS, held_at
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalation_models import Escalation
from belowline.moderation.models import Decision


@pytest.fixture
def escalate(held, moderator, admin):
    def call(comment=held, *, by=moderator, note="Is this about a living person?", **more):
        return escalate_comment(comment=comment, by=by, note=note, **more)

    return call


def refused(call, **given):
    with pytest.raises(DecidingError) as caught:
        call(**given)
    return caught.value.code


def test_what_is_left_to_others_leaves_the_queue_and_nothing_is_decided(escalate, held, moderator):
    row = escalate(note="  Is this about a living person?\n")

    held.refresh_from_db()
    assert (row.comment, row.asked_by, row.colleague, row.state) == (held, moderator, None, "open")
    assert row.note == "Is this about a living person?"
    assert not held_at(MODERATORS).exists()
    assert (held.status, Decision.objects.count()) == ("held", 1)


def test_a_question_leaves_the_comment_where_it_is(escalate, held, other_moderator):
    row = escalate(colleague=other_moderator)

    assert row.is_question
    assert held_at(MODERATORS).get() == held


def test_the_event_names_who_is_asked_and_holds_no_words(escalate, held, moderator, other_moderator):
    row = escalate(colleague=other_moderator)

    event = Event.objects.get(tag="comment:escalated")
    assert (event.subject_id, event.actor_id, event.site_id) == (held.pk, moderator.pk, held.story.site_id)
    assert event.data == {"escalation": row.pk, "colleague": other_moderator.pk}


@pytest.mark.parametrize("state", ["published", "rejected", "removed"])
def test_what_was_decided_may_be_asked_about_too(request, escalate, state):
    comment = request.getfixturevalue(state)

    assert escalate(comment).comment == comment


@pytest.mark.parametrize(
    ("note", "code"),
    [("", "note_required"), (" \n ", "note_required"), ("n" * 2_001, "note_too_long")],
    ids=["none", "blank", "long"],
)
def test_a_note_is_needed_and_has_a_limit(escalate, note, code):
    assert refused(escalate, note=note) == code
    assert not Escalation.objects.exists()


def test_the_longest_note_fits(escalate):
    assert len(escalate(note="n" * 2_000).note) == 2_000


def test_once_at_a_time(escalate, other_moderator, admin):
    escalate()
    assert refused(escalate, by=other_moderator) == "already_escalated"
    escalate(colleague=other_moderator)
    assert refused(escalate, colleague=other_moderator) == "already_escalated"
    escalate(colleague=admin)
    assert Escalation.objects.count() == 3


def test_again_when_it_has_ended(escalate):
    Escalation.objects.filter(pk=escalate().pk).update(state="answered")

    assert escalate().is_open
    assert Escalation.objects.count() == 2


@pytest.mark.parametrize("status", ["deleted", "pending"])
def test_not_what_is_gone(escalate, held, status):
    held.status = status
    held.save()

    assert refused(escalate) == "not_waiting"


def test_somebody_must_be_there_to_answer(escalate, moderator, other_moderator, admin):
    assert refused(escalate, by=admin) == "nobody_to_answer"
    admin.is_active = False
    admin.save()
    assert refused(escalate) == "nobody_to_answer"


@pytest.mark.parametrize("who", ["moderator", "reader", "other_reader"])
def test_only_a_colleague_who_decides_can_be_asked(request, escalate, who):
    assert refused(escalate, colleague=request.getfixturevalue(who)) == "unknown_colleague"


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_cannot(request, escalate, who):
    with pytest.raises(PermissionDenied):
        escalate(by=request.getfixturevalue(who))
    assert not Event.objects.filter(tag="comment:escalated").exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(escalate):
    def press(_):
        try:
            escalate()
        except DecidingError:
            return 0
        finally:
            connections.close_all()
        return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1
    assert Escalation.objects.count() == 1
