"""Token buckets: how they are written, and that never more is let through than they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.limits.bucket import Charge, Rate, parse_rates, settle


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("", ()),
        (" , ", ()),
        ("60/m/account", (Rate(60, 60.0, "account"),)),
        ("1/10m/story, 5/2h/address", (Rate(1, 600.0, "story"), Rate(5, 7200.0, "address"))),
        ("3/1d/key", (Rate(3, 86_400.0, "key"),)),
    ],
)
def test_how_limits_are_written(text, rates):
    assert parse_rates(text) == rates


@pytest.mark.parametrize(
    "text", ["60", "0/m/account", "5/0m/account", "5/m", "5/m/ip", "-1/m/key", "5/w/key", "x/m/key"]
)
def test_what_is_no_limit(text):
    with pytest.raises(ValueError, match="write 60/10m/account"):
        parse_rates(text)


def run(rate, times):
    """When each act of these was let through."""
    kept, passed = 0.0, []
    for now in times:
        wait, [moment] = settle([Charge("k", rate.step, rate.seconds)], [kept], now)
        if not wait:
            kept = moment
            passed.append(now)
    return passed


def test_all_at_once_and_then_one_after_the_other():
    rate = Rate(3, 60.0)

    assert run(rate, [1000.0] * 5) == [1000.0] * 3
    assert run(rate, [0.0, 0, 0, 19, 20, 21, 40, 59, 60]) == [0, 0, 0, 20, 40, 60]
    assert run(rate, [0.0, 0, 0, 61, 61, 61, 61]) == [0, 0, 0, 61, 61, 61], "full again"


def test_the_wait_is_what_it_takes():
    charge = Charge("k", 20.0, 60.0)
    kept = 1000.0 + 60

    assert settle([charge], [kept], 1000.0).wait == pytest.approx(20)
    assert settle([charge], [kept], 1012.5).wait == pytest.approx(7.5)
    assert settle([charge], [kept], 1020.0).wait == 0


def test_a_clock_that_was_set_back():
    """By an hour: the bucket begins anew, once. By a little: nothing is given."""
    rate = Rate(3, 60.0)

    assert run(rate, [5000.0] * 4 + [1400.0] * 5 + [1420.0] * 2) == [5000.0] * 3 + [1400.0] * 3 + [1420.0]
    assert run(rate, [5000.0] * 4 + [4997.0] * 5) == [5000.0] * 3


def test_all_or_none():
    free, full = Charge("a", 1.0, 60.0), Charge("b", 10.0, 10.0)

    assert settle([free, full], [0.0, 510.0], 500.0).wait == pytest.approx(10)
    assert settle([free, full], [0.0, 0.0], 500.0) == (0.0, [501.0, 510.0])


@given(
    amount=st.integers(1, 20),
    seconds=st.integers(1, 600),
    gaps=st.lists(st.floats(0, 300), max_size=60),
)
def test_never_more_than_twice_the_amount_in_the_time(amount, seconds, gaps):
    """A full bucket, and what came back meanwhile: of any stretch of time. So it is with every token bucket."""
    times = [1.7e9 + sum(gaps[:place]) for place in range(len(gaps) + 1)]
    passed = run(Rate(amount, float(seconds)), times)

    for start in passed:
        within = [one for one in passed if start <= one < start + seconds - 0.01]
        assert len(within) <= 2 * amount
        assert len([one for one in passed if one == start]) <= amount
