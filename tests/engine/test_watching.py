"""Watching a promise: rarely a false alarm, however often one looks, and no slack for weeks that went well."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.guarantees import upper_bound
from belowline.engine.watching import (
    SETTLED_IN,
    STAKES,
    _ratios,
    likely_start,
    watch,
    weight,
)

DRAWS = 200
LIMIT, DELTA = 0.01, 0.05

streams = st.lists(st.booleans(), max_size=200)
limits = st.floats(0.001, 0.6)
deltas = st.floats(0.001, 0.5)


def drawn(random, *parts):
    """A stream out of parts: how many audits, at which rate of errors."""
    return [bool(one) for count, rate in parts for one in random.random(count) < rate]


class TestBets:
    @given(limits, st.sampled_from(STAKES))
    def test_a_bet_is_fair_at_the_promise_and_loses_below(self, limit, stake):
        none, one = _ratios(stake, limit)

        assert none < 1 < one
        assert limit * one + (1 - limit) * none == pytest.approx(1)
        assert limit / 2 * one + (1 - limit / 2) * none < 1

    @pytest.mark.parametrize("number", [1, 2, 10, 1_000, 50_000])
    def test_the_weights_never_sum_to_more_than_one(self, number):
        total = math.fsum(weight(one) for one in range(1, number + 1))

        assert total == pytest.approx(number / (number + SETTLED_IN))

    def test_half_of_the_weight_lies_on_the_first(self):
        assert math.fsum(weight(one) for one in range(1, SETTLED_IN + 1)) == pytest.approx(0.5)


class TestWatch:
    def test_nothing_was_audited(self):
        found = watch([], LIMIT, DELTA)

        assert (found.audits, found.errors, found.rate, found.bound) == (0, 0, None, 1.0)
        assert (found.evidence, found.alarm_at, found.broken_at, found.since) == (0.0, 20.0, None, 1)
        assert not found.is_broken

    @given(streams, limits, deltas)
    def test_it_counts_and_bounds(self, errors, limit, delta):
        found = watch(errors, limit, delta)

        assert (found.audits, found.errors) == (len(errors), sum(errors))
        assert found.bound == upper_bound(sum(errors), len(errors), delta)
        assert found.is_broken == (found.evidence >= found.alarm_at)

    @given(streams, limits, deltas)
    def test_what_broke_it_stays_what_broke_it(self, errors, limit, delta):
        """More audits change nothing of an alarm: it is the same whenever one looks."""
        found = watch(errors, limit, delta)
        for stop in range(len(errors)):
            earlier = watch(errors[:stop], limit, delta)
            assert earlier.broken_at == (found.broken_at if found.broken_at and found.broken_at <= stop else None)

    @given(streams, limits)
    def test_its_expected_value_does_not_grow_while_the_promise_is_kept(self, errors, limit):
        """The next audit, at the promised rate, leaves the evidence and the unused weight where they were."""

        def worth(stream):
            return watch(stream, limit, 1e-300).evidence + SETTLED_IN / (len(stream) + SETTLED_IN)

        after = limit * worth([*errors, True]) + (1 - limit) * worth([*errors, False])
        assert after == pytest.approx(worth(errors), rel=1e-6)

    def test_errors_alone_break_it_soon(self):
        assert watch([True] * 10, LIMIT, DELTA).broken_at == 4

    def test_a_long_life_without_errors(self):
        found = watch([False] * 20_000, LIMIT, DELTA)

        assert found.broken_at is None
        assert found.evidence < 1
        assert found.bound < 0.0002

    def test_a_long_life_of_errors_does_not_overflow(self):
        assert watch([True] * 5_000, LIMIT, 1e-12).broken_at < 30

    @pytest.mark.parametrize("rate", [LIMIT, LIMIT / 3])
    def test_false_alarms_are_rare_however_often_one_looks(self, rate):
        """At most delta of all newsrooms that keep their promise see one in 3,000 audits; at the very edge too."""
        random = np.random.default_rng(7)
        alarms = sum(watch(drawn(random, (3_000, rate)), LIMIT, DELTA).is_broken for _ in range(DRAWS))

        assert alarms <= DELTA * DRAWS + 3 * math.sqrt(DRAWS * DELTA * (1 - DELTA))
        assert rate == LIMIT or alarms <= 1

    @pytest.mark.parametrize("before", [0, 400, 800, 4_000])
    def test_a_drift_is_seen_within_200_audits_whatever_came_before(self, before):
        random = np.random.default_rng(before)
        seen = 0
        for _ in range(100):
            found = watch(drawn(random, (before, LIMIT / 2), (200, 0.1)), LIMIT, DELTA)
            seen += found.is_broken and found.broken_at > before

        assert seen >= 95

    def test_good_weeks_buy_little_slack(self):
        """An exact bound over all audits together would need many more errors than the bets do."""
        random = np.random.default_rng(5)
        errors = drawn(random, (800, 0.0), (200, 0.06))
        found = watch(errors, LIMIT, DELTA)

        assert found.is_broken
        assert found.broken_at <= 1_000
        so_far = errors[: found.broken_at]
        assert sum(so_far) / len(so_far) < 2 * LIMIT

    def test_it_says_since_when(self):
        random = np.random.default_rng(11)
        starts = [watch(drawn(random, (800, 0.005), (200, 0.12)), LIMIT, DELTA).since for _ in range(50)]

        assert 780 <= np.median(starts) <= 830


class TestStart:
    def test_without_errors_all_is_one_world(self):
        assert likely_start([False] * 30, LIMIT) == 1

    def test_from_the_first_error_of_a_run(self):
        assert likely_start([False] * 500 + [True, False, True, False, True], LIMIT) == 501
