"""What people decided, the newest first; a batch stands for its decisions, and what can be taken back says so."""

import pytest

from belowline.comments.actions.delete_comment import delete_comment
from belowline.moderation import decision_log
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.actions.undo_batch import undo_batch
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.decision_log import Asked, batch_items, read_log, undoable
from belowline.moderation.models import Batch, Decision


@pytest.fixture
def waiting(post):
    return [post(f"What a wombat of a bridge, says voice {number}.").comment for number in range(3)]


@pytest.fixture
def batch(waiting, moderator):
    return decide_batch(comments=[one.pk for one in waiting], moderator=moderator, outcome="publish", seen={})


def log(asked=None):
    entries, is_more = read_log(Decision.objects.all(), Batch.objects.all(), asked or Asked())
    return [(entry.decision or entry.batch, entry.can_undo) for entry in entries], is_more


def test_the_machine_is_not_in_it(held, published):
    assert log() == ([], False)


def test_a_batch_stands_for_its_decisions(held, batch, decide):
    decision = decide(held)

    assert log() == ([(decision, True), (batch, True)], False)


def test_taking_back_is_in_it_and_is_not_taken_back(held, decide, moderator):
    first = decide(held)
    second = undo_decision(decision=first, moderator=moderator)

    assert log() == ([(second, False), (first, False)], False)


def test_a_batch_that_was_taken_back(batch, moderator):
    undo_batch(batch=batch, moderator=moderator)

    rows, _ = log()
    assert (batch, False) in rows
    assert sum(isinstance(row, Decision) for row, _ in rows) == 3


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"act": "reject"}, 1),
        ({"act": "publish"}, 1),
        ({"act": "hold"}, 0),
        ({"by": "moderator"}, 1),
        ({"by": "other_moderator"}, 1),
        ({"by": "reader"}, 0),
    ],
    ids=str,
)
@pytest.mark.usefixtures("batch")
def test_a_part_of_it(held, decide, request, asked, count):
    decide(held, "reject", rule="links", by=request.getfixturevalue("other_moderator"))
    if who := asked.get("by"):
        asked = {"by": request.getfixturevalue(who).pk}

    assert len(log(Asked(**asked))[0]) == count


def test_page_by_page(waiting, decide, monkeypatch):
    monkeypatch.setattr(decision_log, "PAGE", 2)
    decisions = [decide(comment) for comment in waiting]
    rows, is_more = log()
    assert ([row for row, _ in rows], is_more) == (decisions[:0:-1], True)

    rows, is_more = log(Asked(before=rows[-1][0].created_at))
    assert ([row for row, _ in rows], is_more) == (decisions[:1], False)


def test_what_can_be_taken_back(waiting, decide, moderator, appeal, settle):
    deleted, again, stands = [decide(comment) for comment in waiting]
    delete_comment(comment=waiting[0], by=waiting[0].author)
    undone = undo_decision(decision=again, moderator=moderator)
    contested = appeal.decision
    rows = Decision.objects.filter(pk__in=[deleted.pk, again.pk, undone.pk, stands.pk, contested.pk])

    assert undoable(list(rows.select_related("comment"))) == {stands.pk}
    result = settle(appeal).result
    assert undoable([result]) == set()


def test_the_log_agrees_with_the_action(waiting, decide, moderator, reader):
    """Whatever it offers to take back, can be."""
    decide(waiting[0])
    decide(waiting[1], "reject", rule="links")
    undo_decision(decision=decide(waiting[2]), moderator=moderator)

    for row, can_undo in log()[0]:
        if can_undo:
            assert undo_decision(decision=row, moderator=moderator).undoes == row
    assert not Decision.objects.filter(undoes=None, maker="person", undone_by=None).exists()


def test_the_items_of_a_batch(batch, waiting, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = [
            (item.comment_id, item.comment.author.display_name, item.decision.outcome) for item in batch_items(batch)
        ]
    assert found == [(one.pk, "Marjorie Tench", "publish") for one in waiting[::-1]]
