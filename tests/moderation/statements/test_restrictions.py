"""Which decisions have a statement: rejections and removals that their author was told of, from when until when."""

from datetime import timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Decision
from belowline.moderation.statements.restrictions import UNTOLD, counting, restrictions
from belowline.notifications.queries import GRACE


def found(**options):
    return [(row.decision.pk, row.ended_at) for row in restrictions(**options)]


def test_the_minute_is_the_one_of_the_mails():
    assert UNTOLD == GRACE


@pytest.mark.parametrize("text", ["A quiet remark about tolls.", "What a wombat of a bridge."], ids=["publish", "hold"])
def test_publishing_and_holding_restrict_nobody(post, long_ago, text):
    post(text)
    long_ago()

    assert found() == []


def test_a_rejection_by_a_person(held, decide, long_ago):
    decision = decide(held, "reject", rule="banned_word")
    long_ago()

    assert found() == [(decision.pk, None)]
    [row] = restrictions()
    assert [before.outcome for before in row.before] == ["hold"]


def test_a_rejection_by_machine(site, activate, post, long_ago):
    activate(site, reject=0.9)
    posted = post("What a wombat of a bridge.")
    long_ago()

    assert posted.decision.outcome == "reject"
    assert found() == [(posted.decision.pk, None)]


def test_a_removal(published, moderator, long_ago):
    decision = remove_comment(comment=published, moderator=moderator, rule="links")
    long_ago()

    assert found() == [(decision.pk, None)]


def test_not_before_the_author_is_told(held, decide):
    decide(held, "reject", rule="banned_word")

    assert found() == []
    assert found(until=timezone.now() + timedelta(days=1)) == []


def test_taken_back_within_the_minute_is_not_done(held, decide, moderator):
    undo_decision(decision=decide(held, "reject", rule="banned_word"), moderator=moderator)
    Decision.objects.update(created_at=timezone.now() - timedelta(days=1))

    assert found() == []


def test_taken_back_later_has_an_end(held, decide, moderator, long_ago):
    decision = decide(held, "reject", rule="banned_word")
    undone = undo_decision(decision=decision, moderator=moderator)
    long_ago()
    undone.refresh_from_db()

    assert found() == [(decision.pk, undone.created_at)]


def test_decided_again_after_taking_back(held, decide, moderator):
    undo_decision(decision=decide(held, "reject", rule="banned_word"), moderator=moderator)
    again = decide(held, "reject", rule="links")
    Decision.objects.update(created_at=timezone.now() - timedelta(days=1))

    assert found() == [(again.pk, None)]


def test_a_restriction_that_an_undo_brings_back(published, moderator, long_ago):
    """Removed, put back much later, and that taken back much later again: two restrictions."""
    removed = remove_comment(comment=published, moderator=moderator, rule="links")
    Decision.objects.create(
        comment=published, revision=removed.revision, outcome="publish", maker="person", moderator=moderator, policy="p"
    )
    published.refresh_from_db()
    published.change_status("published")
    again = remove_comment(comment=published, moderator=moderator, rule="shouting")
    long_ago()

    rows = found()
    assert [pk for pk, _ in rows] == [removed.pk, again.pk]
    assert [ended is None for _, ended in rows] == [False, True]


def test_days_and_sites(held, decide, long_ago, other_site, site):
    decision = decide(held, "reject", rule="banned_word")
    long_ago(days=5)
    made = Decision.objects.get(pk=decision.pk).created_at

    assert found(since=made) == [(decision.pk, None)]
    assert found(since=made + timedelta(seconds=1)) == []
    assert found(until=made) == []
    assert found(until=made + timedelta(seconds=1)) == [(decision.pk, None)]
    assert found(site=site) == [(decision.pk, None)]
    assert found(site=other_site) == []


def test_few_queries_however_many(post, decide, long_ago, django_assert_max_num_queries):
    for number in range(8):
        decide(post(f"Wombat number {number} of the bridge.").comment, "reject", rule="banned_word")
    long_ago()

    with django_assert_max_num_queries(2):
        assert len(found()) == 8


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 120)), max_size=12))
def test_only_what_is_undone_in_time_goes_away(steps):
    """An undo takes the one before it away, and itself, if it comes within a minute; nothing else ever goes."""
    begin, numbers, rows, second = timezone.now(), count(1), [], 0
    for is_undo, wait in steps:
        second += wait
        undoes = rows[-1].pk if is_undo and rows and rows[-1].undoes_id is None else None
        rows.append(SimpleNamespace(pk=next(numbers), undoes_id=undoes, created_at=begin + timedelta(seconds=second)))
    kept = counting(rows)

    by_id = {row.pk: row for row in rows}
    gone = {
        pk
        for row in rows
        if row.undoes_id and row.created_at - by_id[row.undoes_id].created_at <= UNTOLD
        for pk in (row.pk, row.undoes_id)
    }
    assert [row.pk for row in kept] == [row.pk for row in rows if row.pk not in gone]
