"""The plot: everything inside its frame, the promise always in sight."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.desk.bound_chart import HEIGHT, LEFT, TOP, WIDTH, bound_chart, highest, percent
from belowline.desk.templatetags.bounds import rule_title, share
from belowline.engine.guarantees import upper_bound
from belowline.engine.policy import load_policy
from belowline.moderation.watch_queries import WeekFigures

START = date(2026, 9, 7)


def week(number, reviewed=0, errors=0):
    return WeekFigures(
        monday=START + timedelta(weeks=number),
        decisions=100,
        settled=90,
        drawn=reviewed,
        reviewed=reviewed,
        errors=errors,
        bound=upper_bound(errors, reviewed, 0.05),
        least=1 - upper_bound(reviewed - errors, reviewed, 0.05),
        scores={},
    )


counts = st.integers(0, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@given(st.lists(counts, min_size=1, max_size=20), st.sampled_from([0.001, 0.01, 0.05, 0.3]))
def test_everything_lies_inside(rows, limit):
    weeks = [week(number, *row) for number, row in enumerate(rows)]
    chart = bound_chart(weeks, [one.bound for one in weeks], limit)

    assert len(chart.bars) == len(weeks)
    for bar, one in zip(chart.bars, weeks, strict=True):
        assert LEFT <= bar.x <= WIDTH
        assert TOP <= bar.high <= bar.low <= chart.floor < HEIGHT
        assert (bar.rate is None) == (one.reviewed == 0)
        if bar.rate is not None:
            assert TOP <= bar.rate <= chart.floor
            assert bar.high - 0.1 <= bar.rate <= bar.low + 0.1
    assert TOP <= chart.promise < chart.floor


def test_the_promise_keeps_its_place_when_there_are_no_errors():
    assert highest([week(0, 100)], 0.01) == 0.04
    assert highest([], 0.01) == 0.04
    assert highest([week(0, 100, 10)], 0.01) == 0.16
    assert highest([week(0, 10, 10)], 0.01) == 1.0


def test_the_line_leaves_weeks_out_that_say_nothing():
    weeks = [week(0), week(1, 100), week(2, 100)]
    chart = bound_chart(weeks, [1.0, 0.03, 0.015], 0.01)

    assert len(chart.path.split()) == 2


@pytest.mark.parametrize(("count", "labels"), [(1, 1), (8, 8), (12, 6)])
def test_labels_do_not_touch(count, labels):
    chart = bound_chart([week(number) for number in range(count)], [1.0] * count, 0.01)

    assert sum(bool(bar.label) for bar in chart.bars) == labels
    assert chart.bars[-1].label


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0\N{NO-BREAK SPACE}%"),
        (0.01, "1\N{NO-BREAK SPACE}%"),
        (0.12345, "12.3\N{NO-BREAK SPACE}%"),
        (1.0, "100\N{NO-BREAK SPACE}%"),
        (0.0004, "0.04\N{NO-BREAK SPACE}%"),
    ],
)
def test_shares_in_words(value, words):
    assert percent(value) == share(value) == words


def test_no_share():
    assert share(None) == "–"


def test_rules_in_words():
    policy = load_policy()

    assert rule_title("threat", policy) == "Threats and calls for violence"
    assert rule_title("gone", policy) == "gone"
