"""Why a comment stands where it stands, in words; orders and views are tried on the page."""

from datetime import UTC, datetime, timedelta

import pytest

from belowline.engine.policy import SCORE_NAMES
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import SCORE_ORDERS, VIEWS, ordered, spoken, viewed, waiting_in, why_here

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def entry(**fields):
    usual = {"risk": 0.48, "reach": 120, "values": {"insult": 0.8}, "waiting_since": NOW - timedelta(hours=4)}
    return QueueEntry(**usual | fields)


def test_three_factors_in_words():
    assert [(factor.name, factor.words, round(factor.times, 2)) for factor in why_here(entry(), NOW)] == [
        ("Risk of harm", "48%, from insult 80% x how grave it is", 0.48),
        ("Readers", "about 120 comments a day under the article", 7.92),
        ("Waiting", "4 hours; doubles every 2 hours", 4.0),
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"values": {}, "risk": 0.5}, "50%: nothing could be measured"),
        ({"is_unchecked": True}, "48%: what could not be checked counts for half"),
        ({"reach": 0}, "hardly anybody writes here"),
        ({"reach": 1}, "about 1 comment a day under the article"),
        ({"reach": 1_200}, "about 1,200 comments a day under the article"),
    ],
)
def test_in_other_cases(fields, words):
    assert words in [factor.words for factor in why_here(entry(**fields), NOW)]


def test_a_year_does_not_break_it():
    assert why_here(entry(waiting_since=NOW - timedelta(days=365)), NOW)[2].words.startswith("365 days")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "1 minute"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (47 * 60, "47 hours"),
        (72 * 60, "3 days"),
    ],
)
def test_durations(minutes, words):
    assert spoken(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize("order", ["risk", "newest", "oldest", "nonsense", *SCORE_ORDERS])
def test_every_order_can_be_asked(held, order):
    assert [found.comment for found in ordered(viewed("held"), order)] == [held]


def test_there_is_an_order_for_every_score():
    assert len(SCORE_ORDERS) == len(SCORE_NAMES)


def test_views_are_of_what_is_held(held, published, report):
    report()
    assert waiting_in("reported").get().comment == published
    assert {found.comment for view in VIEWS for found in viewed(view)} == {held}
    with pytest.raises(KeyError):
        viewed("nonsense")
