"""What comes first: risk of harm x readers x waiting, and an order that does not change while both wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.policy import SCORE_NAMES
from belowline.moderation import risk
from belowline.moderation.models import Report

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("values", "unchecked", "expected"),
    [
        pytest.param({"threat": 0.8}, (), 0.8, id="a threat as likely as it is"),
        pytest.param({"off_topic": 1.0}, (), 0.15, id="off topic is hardly a harm"),
        pytest.param({"off_topic": 1.0, "insult": 0.5}, (), 0.3, id="the gravest counts"),
        pytest.param({"incoherence": 1.0}, (), 0.1, id="what nobody weighed"),
        pytest.param({"insult": 0.1}, ("threat",), 0.5, id="unchecked counts for half"),
        pytest.param({}, (), 0.5, id="nothing is known"),
        pytest.param({}, ("off_topic",), 0.075, id="only the topic is unknown"),
        pytest.param({"links": 0.0}, (), 0.0, id="measured, and nothing found"),
    ],
)
def test_the_risk_by_machine(values, unchecked, expected):
    assert risk.machine_risk(values, unchecked) == pytest.approx(expected)


def test_where_the_risk_comes_from():
    assert risk.gravest_score({"off_topic": 0.9, "insult": 0.4}) == "insult"
    assert risk.gravest_score({}) == ""


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, 0.0),
        ({"hate": 1}, 0.45),
        ({"hate": 2}, 0.675),
        ({"off_topic": 50}, 0.15),
        ({"spam": 1, "hate": 1}, 0.45),
        ({"hate": 0}, 0.0),
        ({"hate": -3}, 0.0),
    ],
)
def test_the_risk_by_reports(weights, expected):
    assert risk.report_risk(weights) == pytest.approx(expected)


def test_every_score_and_category_has_a_weight():
    assert set(risk.HARM) <= set(SCORE_NAMES)
    assert set(risk.REPORTED_HARM) == set(Report.Category.values)
    assert all(0 < weight <= 1 for weight in (*risk.HARM.values(), *risk.REPORTED_HARM.values()))


@pytest.mark.parametrize(
    ("count", "hours", "expected"), [(0, 1, 0), (40, 1, 40), (40, 24, 40), (40, 96, 10), (3, 240, 0), (40, -5, 40)]
)
def test_comments_a_day(count, hours, expected):
    assert risk.comments_a_day(count, hours * HOUR) == expected


@pytest.mark.parametrize(("reach", "expected"), [(0, 1), (1, 2), (3, 3), (1023, 11)])
def test_readers_count_by_their_logarithm(reach, expected):
    assert risk.reach_factor(reach) == pytest.approx(expected)


@pytest.mark.parametrize(("hours", "expected"), [(0, 1), (2, 2), (4, 4), (24, 4096)])
def test_waiting_doubles(hours, expected):
    assert risk.waiting_factor(hours * HOUR) == pytest.approx(expected)


def test_nothing_waits_for_ever():
    """What is hardly risky and read by few comes before the worst that came a day later."""
    worst = risk.rank(1.0, 1_000, NOON + 24 * HOUR)
    assert risk.rank(risk.LEAST_RISK, 0, NOON) > worst
    assert risk.rank(risk.LEAST_RISK, 0, NOON + 23 * HOUR) < worst


@given(
    first=st.tuples(st.floats(0.01, 1), st.integers(0, 100_000), st.integers(0, 10_000)),
    second=st.tuples(st.floats(0.01, 1), st.integers(0, 100_000), st.integers(0, 10_000)),
    later=st.integers(0, 1_000),
)
def test_the_rank_is_the_product_whenever_one_looks(first, second, later):
    now = NOON + timedelta(minutes=10_000 + later)

    def product(one):
        harm, reach, minutes = one
        return harm * risk.reach_factor(reach) * risk.waiting_factor(now - (NOON + timedelta(minutes=minutes)))

    ranks = [risk.rank(harm, reach, NOON + timedelta(minutes=minutes)) for harm, reach, minutes in (first, second)]
    if abs(ranks[0] - ranks[1]) > 1e-6:
        assert (ranks[0] > ranks[1]) == (product(first) > product(second))


@pytest.mark.parametrize(
    ("values", "score"),
    [
        ({}, ""),
        ({"insult": 1.0}, ""),
        ({"threat": 0.79}, ""),
        ({"threat": 0.8}, "threat"),
        ({"threat": 0.8, "sexually_explicit": 0.9}, "sexually_explicit"),
    ],
)
def test_what_is_hard_to_read(values, score):
    assert risk.hardest_score(values) == score
