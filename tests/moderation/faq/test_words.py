"""Durations, shares and thresholds in words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.moderation.faq.words import (
    bound,
    duration,
    enumerated,
    listed,
    seconds_or_less,
    share,
    sureness,
    threshold,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 minute"),
        (59, "1 minute"),
        (120, "2 minutes"),
        (60 * 89, "89 minutes"),
        (60 * 90, "2 hours"),
        (3600 * 35, "35 hours"),
        (3600 * 36, "2 days"),
        (86_400 * 9, "9 days"),
    ],
)
def test_durations(seconds, words):
    assert duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(1_000, "1 second"), (2_000, "2 seconds"), (7_500, "7.5 seconds"), (1, "0.001 seconds"), (60_000, "60 seconds")],
)
def test_short_times(milliseconds, words):
    assert seconds_or_less(milliseconds) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0 %"), (0.02, "2 %"), (0.0062, "0.62 %"), (0.0149, "1.5 %"), (0.654, "65 %"), (0.999, "100 %"), (1, "100 %")],
)
def test_shares(value, words):
    assert share(value) == words.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0081, "0.81 %"), (0.00811, "0.82 %"), (0.0101, "1.1 %"), (0.201, "21 %"), (1.0, "100 %"), (0, "0 %")],
)
def test_bounds_are_rounded_up(value, words):
    assert bound(value) == words.replace(" ", "\N{NO-BREAK SPACE}")


def number(words):
    return float(words.removesuffix("%"))


@given(st.floats(0, 1))
def test_a_bound_never_says_less_than_it_is(value):
    assert number(bound(value)) >= 100 * value - 1e-6


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_two_thresholds_never_look_the_same(one, other):
    assert (threshold(one / 10_000) == threshold(other / 10_000)) == (one == other)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.65, "65 %"), (0.655, "65.5 %"), (0.07, "7 %"), (1.0, "100 %"), (0.975, "97.5 %"), (0.29, "29 %")],
)
def test_thresholds_are_exact(value, words):
    assert threshold(value) == words.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "at the first sign of it"),
        (0.35, "at the first sign of it"),
        (0.5, "when in doubt"),
        (0.75, "when fairly sure"),
        (0.8, "when very sure"),
        (0.97, "when all but certain"),
    ],
)
def test_sureness(value, words):
    assert sureness("insult", value) == words
    assert sureness("links", value) == ""


@pytest.mark.parametrize(
    ("parts", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists(parts, words):
    assert listed(parts) == words


@pytest.mark.parametrize(
    ("parts", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a, b"), (["50 %", "%(first)s", "c"], "50 %, %(first)s, c")],
)
def test_parts_one_after_the_other(parts, words):
    assert enumerated(parts) == words
