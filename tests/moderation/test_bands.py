"""Where comments lie by a rule's score: to the whole per cent, thresholds of sections counted as they act."""

from datetime import UTC, datetime

import msgspec
import pytest

from belowline.engine.policy import load_policy
from belowline.moderation.bands import (
    Band,
    Waiting,
    in_band,
    newest_decisions,
    per_cent,
    read_comments,
    read_waiting,
    spreads,
)
from belowline.moderation.queue_entries import QueueEntry

POLICY = load_policy()
ABUSE = POLICY.rules["personal_abuse"]  # insult, held from 0.75


def waiting(value, section="news", number=1):
    values = {} if value is None else {"insult": value}
    return Waiting(number, section, datetime(2026, 11, 1, tzinfo=UTC), values)


@pytest.mark.parametrize(
    ("value", "place"),
    [(0.0, 0), (0.009, 0), (0.01, 1), (0.29, 29), (0.57, 57), (0.7499, 74), (0.75, 75), (0.999, 99), (1.0, 100)],
)
def test_the_whole_per_cent(value, place):
    assert per_cent(value) == place


@pytest.mark.parametrize("hundredth", range(101))
def test_a_score_of_two_digits_lies_where_it_says(hundredth):
    assert per_cent(hundredth / 100) == hundredth


@pytest.mark.parametrize(
    ("band", "inside"),
    [
        (Band(0, 100), [0, 50, 100]),
        (Band(50, 50), [50]),
        (Band(51, 99), []),
        (Band(0, 100, is_unchecked=True), [None]),
    ],
)
def test_what_a_band_holds(band, inside):
    assert [place for place in (0, 50, 100, None) if band.holds(place)] == inside


def test_a_band_in_words():
    assert str(Band(5, 20)) == "5 to 20\N{NO-BREAK SPACE}%"
    assert str(Band(0, 100, is_unchecked=True)) == "not checked"


def test_a_rule_counts_what_lies_where():
    found = {
        spread.code: spread for spread in spreads(POLICY, [waiting(0.1), waiting(0.75), waiting(1.0), waiting(None)])
    }
    spread = found["personal_abuse"]

    assert {place: count for place, count in enumerate(spread.columns) if count} == {10: 1, 75: 1, 100: 1}
    assert (spread.checked, spread.unchecked, spread.met) == (3, 1, 2)
    assert spread.count(Band(75, 100)) == 2
    assert spread.count(Band(0, 100, is_unchecked=True)) == 1
    assert found["spam"].unchecked == 4


def test_every_rule_is_there_the_most_met_first():
    found = spreads(POLICY, [waiting(0.9)])

    assert {spread.code for spread in found} == set(POLICY.rules)
    assert [spread.met for spread in found] == sorted((spread.met for spread in found), reverse=True)
    assert found[0].met == 1


def test_a_section_with_a_threshold_of_its_own():
    rule = msgspec.structs.replace(ABUSE, hold_in={"sport": 0.95})
    policy = msgspec.structs.replace(POLICY, rules={"personal_abuse": rule})
    [spread] = spreads(policy, [waiting(0.9), waiting(0.9, "sport"), waiting(0.96, "sport")])

    assert spread.met == 2


def test_a_rule_for_some_sections_leaves_the_others_out():
    rule = msgspec.structs.replace(ABUSE, sections=("sport",))
    policy = msgspec.structs.replace(POLICY, rules={"personal_abuse": rule})
    comments = [waiting(0.9, number=1), waiting(0.9, "sport", 2), waiting(None, number=3)]
    [spread] = spreads(policy, comments)

    assert (spread.checked, spread.unchecked) == (1, 0)
    assert [one.comment_id for one in in_band(comments, rule, Band(0, 100))] == [2]
    assert in_band(comments, rule, Band(0, 100, is_unchecked=True)) == []


def test_what_waits_is_read_from_the_queue(post, published):
    second, first = (post(f"A wombat of a bridge, {word}.").comment for word in ("later", "sooner"))
    QueueEntry.objects.filter(comment=first).update(waiting_since=datetime(2026, 1, 1, tzinfo=UTC))
    found = read_waiting(QueueEntry.objects.all())

    assert [one.comment_id for one in found] == [first.pk, second.pk]
    assert found[0].section == "news"
    assert found[0].place("banned_word") == 100
    assert found[0].place("never measured") is None


def test_the_newest_decision_of_each(held, published, decide):
    decision = decide(held, "reject", rule="links")

    assert newest_decisions([held.pk, published.pk, 10**9]) == {
        held.pk: decision.pk,
        published.pk: published.decisions.get().pk,
    }


def test_comments_come_in_the_order_asked_for(held, published, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = read_comments([published.pk, 10**9, held.pk])
        assert [(comment.pk, str(comment.author), list(comment.tags.all())) for comment in found] == [
            (published.pk, "Marjorie Tench", []),
            (held.pk, "Marjorie Tench", []),
        ]
