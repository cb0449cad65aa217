"""Cohen's kappa, against tables of which others have worked it out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.moderation.insights.kappa import Kappa, in_words, kappa


def pairs(table):
    """Return the pairs of a square table of counts."""
    return [(row, column) for row, counts in enumerate(table) for column, n in enumerate(counts) for _ in range(n)]


@pytest.mark.parametrize(
    ("table", "agreed", "value"),
    [
        pytest.param([[20, 5], [10, 15]], 0.7, 0.4, id="fifty grants, read twice (Wikipedia's example)"),
        pytest.param([[45, 15], [25, 15]], 0.6, 0.1304, id="the same agreement, other habits (there, too)"),
        pytest.param([[25, 35], [5, 35]], 0.6, 0.2593, id="and once more"),
        pytest.param([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.7, 0.4915, id="Cohen 1960, table 1, of 200"),
        pytest.param([[5, 0], [0, 5]], 1.0, 1.0, id="always the same"),
        pytest.param([[0, 5], [5, 0]], 0.0, -1.0, id="always the other"),
        pytest.param([[25, 25], [25, 25]], 0.5, 0.0, id="as chance would have it"),
    ],
)
def test_tables_that_are_known(table, agreed, value):
    found = kappa(pairs(table))

    assert found.n == sum(map(sum, table))
    assert found.agreed == pytest.approx(agreed)
    assert found.value == pytest.approx(value, abs=1e-4)


def test_the_standard_error_is_that_of_fleiss_cohen_and_everitt():
    """Fleiss, Levin and Paik 2003, table 18.3: kappa 0.676, standard error 0.088 (n = 100)."""
    found = kappa(pairs([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))

    assert found.value == pytest.approx(0.676, abs=0.001)
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(0.088, abs=0.001)


@pytest.mark.parametrize(
    ("given_pairs", "expected"),
    [
        pytest.param([], Kappa(0, None, None, None, None), id="nothing was answered twice"),
        pytest.param([("a", "a")] * 9, Kappa(9, 1.0, None, None, None), id="one answer always"),
    ],
)
def test_where_it_cannot_be_said(given_pairs, expected):
    assert kappa(given_pairs) == expected


def test_many_answers_in_equal_parts_are_not_taken_for_one():
    assert kappa([(number, number) for number in range(7)]).value == pytest.approx(1.0)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=60))
def test_it_keeps_its_range_and_cares_for_no_order(found):
    one, turned = kappa(found), kappa([(second, first) for first, second in reversed(found)])

    assert 0 <= one.agreed <= 1
    if one.value is None:
        assert len({answer for pair in found for answer in pair}) == 1
        return
    assert -1 <= one.low <= one.value + 1e-9
    assert one.value - 1e-9 <= one.high <= 1
    assert one.value == pytest.approx(turned.value)
    assert math.isfinite(one.low)


def test_more_answers_make_the_interval_narrower():
    few, many = kappa(pairs([[20, 5], [10, 15]])), kappa(pairs([[200, 50], [100, 150]]))

    assert many.value == pytest.approx(few.value)
    assert many.high - many.low < (few.high - few.low) / 3


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.0, "almost perfect"),
        (0.81, "almost perfect"),
        (0.8, "substantial"),
        (0.5, "moderate"),
        (0.3, "fair"),
        (0.1, "slight"),
        (0.0, "no better than chance"),
        (-0.4, "no better than chance"),
    ],
)
def test_the_words_for_it(value, words):
    assert in_words(value) == words
