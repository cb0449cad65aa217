"""Intervals from whole clusters: wider than those from rows, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.lab.clusters import Resampling, caught_at, cluster_estimate, cluster_estimates, cluster_share
from belowline.lab.metrics import auroc, average_precision, estimate

DRAW = np.random.default_rng(0)
CLUSTERS = np.repeat(np.arange(10), 40)
TRUTH = np.tile([True, False], 200)
SHIFT = np.repeat(DRAW.normal(scale=2.0, size=10), 40)
SCORES = DRAW.normal(size=400) + TRUTH * SHIFT


def test_the_figure_is_that_of_the_rows():
    found = cluster_estimates({"a": auroc, "p": average_precision}, TRUTH, SCORES, CLUSTERS)
    assert (found["a"].value, found["p"].value) == (auroc(TRUTH, SCORES), average_precision(TRUTH, SCORES))
    assert all(one.low <= one.value <= one.high for one in found.values())


def test_rows_that_hang_together_tell_less():
    whole, rows = cluster_estimate(auroc, TRUTH, SCORES, CLUSTERS), estimate(auroc, TRUTH, SCORES)
    assert whole.high - whole.low > 1.5 * (rows.high - rows.low)


def test_same_seed_same_interval():
    draws = [cluster_estimate(auroc, TRUTH, SCORES, CLUSTERS, Resampling(50, seed)) for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


@pytest.mark.parametrize(
    ("clusters", "times"), [(np.zeros(400, dtype=int), 200), (CLUSTERS, 0)], ids=["one cluster", "no draws"]
)
def test_without_draws_the_interval_is_the_figure(clusters, times):
    found = cluster_estimate(auroc, TRUTH, SCORES, clusters, Resampling(times))
    assert found.low == found.value == found.high


def test_draws_with_one_answer_are_left_out():
    truth = np.array([True, True, False, False])
    found = cluster_estimate(auroc, truth, np.array([3.0, 1.0, 2.0, 0.0]), np.array([0, 0, 1, 1]))
    assert 0 <= found.low <= found.value == 0.75 <= found.high <= 1


class TestShare:
    def test_the_share(self):
        found = cluster_share(np.array([True, True, False, False]), np.array([7, 7, 9, 9]))
        assert (found.value, found.low, found.high) == (0.5, 0.0, 1.0)

    def test_large_clusters_count_by_their_rows(self):
        hits, clusters = np.array([True] * 9 + [False]), np.array([0] * 9 + [1])
        assert cluster_share(hits, clusters).value == 0.9

    def test_no_rows(self):
        with pytest.raises(ValueError, match="no rows"):
            cluster_share(np.array([], dtype=bool), np.array([]))

    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=1, max_size=30))
    def test_always_within_bounds(self, rows):
        hits, clusters = (np.array(column) for column in zip(*rows, strict=True))
        found = cluster_share(hits, clusters, Resampling(20))
        assert 0 <= found.low <= found.high <= 1


@pytest.mark.parametrize(
    ("share", "caught"),
    [
        pytest.param(0.0, 0.25, id="none may be held: above all"),
        pytest.param(0.25, 0.5, id="one of four may be"),
        pytest.param(0.5, 1.0, id="two of four"),
    ],
)
def test_caught_where_few_are_wrongly_held(share, caught):
    truth = np.array([False] * 4 + [True] * 4)
    scores = np.array([0.1, 0.2, 0.6, 0.8, 0.9, 0.7, 0.5, 0.3])
    assert caught_at(share)(truth, scores) == caught


def test_equal_scores_are_not_caught():
    assert caught_at(0.01)(np.array([False, True]), np.array([0.5, 0.5])) == 0
