"""Many comments are left to somebody senior at once, and asked back."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.moderation.actions.escalate_batch import escalate_batch
from belowline.moderation.actions.undo_batch import undo_batch
from belowline.moderation.batches import Batch
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalation_models import Escalation


@pytest.fixture
def waiting(post):
    return [post(f"What a wombat of a bridge, says voice {number}.").comment for number in range(3)]


@pytest.fixture
def escalate_all(waiting, moderator, admin):
    """The administrator is there to answer."""

    def call(note="All of one hand?", *, by=moderator):
        seen = {comment.pk: comment.decisions.order_by("pk")[0].pk for comment in waiting}
        return escalate_batch(comments=[comment.pk for comment in waiting], moderator=by, note=note, seen=seen)

    return call


def test_each_waits_for_an_answer_with_the_note(escalate_all, waiting, moderator):
    batch = escalate_all()

    assert (batch.act, batch.done, batch.skipped) == ("escalate", 3, 0)
    found = Escalation.objects.order_by("comment")
    assert [(row.comment, row.asked_by, row.note, row.state) for row in found] == [
        (comment, moderator, "All of one hand?", "open") for comment in waiting
    ]


def test_what_was_escalated_before_is_skipped(escalate_all):
    escalate_all()
    again = escalate_all("Once more.")

    assert set(again.items.values_list("state", "cause")) == {("skipped", "already_escalated")}
    assert Escalation.objects.count() == 3


def test_what_somebody_decided_since_is_left(escalate_all, waiting, decide, other_moderator):
    decide(waiting[1], by=other_moderator)
    batch = escalate_all()

    assert (batch.items.get(comment=waiting[1]).cause, batch.done) == ("not_waiting", 2)


def test_taken_back(escalate_all, moderator):
    batch = undo_batch(batch=escalate_all(), moderator=moderator)

    assert (batch.undone, batch.kept) == (3, 0)
    assert set(Escalation.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_what_was_answered_since_counts_as_taken_back_and_its_answer_stays(escalate_all, moderator, admin):
    batch = escalate_all()
    first = Escalation.objects.order_by("pk").first()
    first.end(Escalation.State.ANSWERED, admin)

    assert undo_batch(batch=batch, moderator=moderator).undone == 3
    first.refresh_from_db()
    assert first.state == "answered"


@pytest.mark.parametrize(("note", "code"), [(" ", "note_required"), ("x" * 2_001, "note_too_long")])
def test_it_needs_a_note(escalate_all, note, code):
    with pytest.raises(DecidingError) as caught:
        escalate_all(note)

    assert caught.value.code == code
    assert not Batch.objects.exists()


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_do_not(escalate_all, request, who):
    with pytest.raises(PermissionDenied):
        escalate_all(by=request.getfixturevalue(who))
    assert not Escalation.objects.exists()
