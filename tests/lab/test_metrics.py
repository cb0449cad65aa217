"""Figures of merit against the slow way, scikit-learn's and values worked out by hand."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from belowline.lab.metrics import (
    THRESHOLDS,
    auroc,
    average_precision,
    bnsp_auc,
    bpsn_auc,
    estimate,
    expected_calibration_error,
    generalised_mean,
    reliability,
    subgroup_auc,
    threshold_table,
    weighted_auroc,
    wilson,
)

ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 1.0])), min_size=2, max_size=40)


def arrays(rows):
    truth = np.array([answer for answer, _ in rows], dtype=bool)
    assume(truth.any() and not truth.all())
    return truth, np.array([score for _, score in rows])


@pytest.mark.parametrize(
    ("truth", "scores", "expected"),
    [
        ([0, 1], [0.1, 0.9], 1.0),
        ([1, 0], [0.1, 0.9], 0.0),
        ([0, 1], [0.5, 0.5], 0.5),
        ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.75),
    ],
)
def test_auroc(truth, scores, expected):
    assert auroc(np.array(truth, dtype=bool), np.array(scores)) == pytest.approx(expected)


@given(ROWS)
def test_figures_agree_with_scikit_learn(rows):
    truth, scores = arrays(rows)
    assert auroc(truth, scores) == pytest.approx(roc_auc_score(truth, scores))
    assert average_precision(truth, scores) == pytest.approx(average_precision_score(truth, scores))


@given(ROWS)
def test_turning_the_scores_round_turns_auroc_round(rows):
    truth, scores = arrays(rows)
    assert auroc(truth, scores) + auroc(truth, -scores) == pytest.approx(1.0)


@pytest.mark.parametrize("measure", [auroc, average_precision])
@pytest.mark.parametrize("truth", [[True, True], [False, False]])
def test_one_answer_alone_is_refused(measure, truth):
    with pytest.raises(ValueError, match="both answers are needed"):
        measure(np.array(truth), np.array([0.1, 0.2]))


class TestEstimate:
    @given(ROWS)
    def test_the_interval_is_in_order(self, rows):
        truth, scores = arrays(rows)
        found = estimate(auroc, truth, scores, resamples=20)
        assert 0 <= found.low <= found.high <= 1
        assert found.value == auroc(truth, scores)

    def test_same_seed_same_interval(self):
        draw = np.random.default_rng(1)
        truth, scores = draw.random(200) < 0.3, draw.random(200)
        assert estimate(auroc, truth, scores, seed=5) == estimate(auroc, truth, scores, seed=5)
        assert estimate(auroc, truth, scores, seed=5) != estimate(auroc, truth, scores, seed=6)

    def test_more_rows_narrow_it(self):
        draw = np.random.default_rng(1)

        def width(rows):
            truth = np.arange(rows) % 2 == 0
            found = estimate(auroc, truth, draw.normal(size=rows) + truth)
            return found.high - found.low

        assert width(2_000) < width(50)

    def test_without_resamples_it_is_a_point(self):
        found = estimate(auroc, np.array([False, True]), np.array([0.1, 0.2]), resamples=0)
        assert found.low == found.value == found.high == 1.0


class TestThresholds:
    def test_table(self):
        truth = np.array([True, True, False, False])
        scores = np.array([0.9, 0.5, 0.5, 0.1])
        low, middle, high = threshold_table(truth, scores, (0.0, 0.5, 0.95))
        assert (low.flagged, low.precision, low.recall, low.false_alarms) == (1.0, 0.5, 1.0, 1.0)
        assert middle.flagged == 0.75
        assert middle.precision == pytest.approx(2 / 3)
        assert (middle.recall, middle.false_alarms) == (1.0, 0.5)
        assert (high.flagged, high.precision, high.recall, high.false_alarms) == (0.0, 1.0, 0.0, 0.0)

    @given(ROWS)
    def test_higher_thresholds_flag_less(self, rows):
        truth, scores = arrays(rows)
        table = threshold_table(truth, scores)
        assert [line.threshold for line in table] == list(THRESHOLDS)
        for name in ("flagged", "recall", "false_alarms"):
            shares = [getattr(line, name) for line in table]
            assert shares == sorted(shares, reverse=True)

    def test_no_rows_are_refused(self):
        with pytest.raises(ValueError, match="no rows"):
            threshold_table(np.zeros(0, dtype=bool), np.zeros(0))


class TestGroups:
    TRUTH = np.array([1, 1, 0, 0, 1, 1, 0, 0], dtype=bool)
    SCORES = np.array([0.8, 0.4, 0.7, 0.2, 0.9, 0.95, 0.5, 0.45])
    MEMBER = np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)

    @pytest.mark.parametrize(
        ("measure", "expected"),
        [
            (subgroup_auc, 3 / 4),  # of .8 and .4 against .7 and .2, only .4 loses, once
            (bpsn_auc, 1.0),  # .9 and .95 against .7 and .2
            (bnsp_auc, 2 / 4),  # .8 wins twice against .5 and .45, and .4 loses twice
        ],
    )
    def test_by_hand(self, measure, expected):
        assert measure(self.TRUTH, self.SCORES, self.MEMBER) == pytest.approx(expected)

    @pytest.mark.parametrize("measure", [subgroup_auc, bpsn_auc, bnsp_auc])
    def test_a_group_without_rows_is_refused(self, measure):
        truth = np.array([True, True, False])
        member = {subgroup_auc: np.zeros(3, dtype=bool), bpsn_auc: truth, bnsp_auc: ~truth}[measure]
        with pytest.raises(ValueError, match="both answers are needed"):
            measure(truth, np.array([0.1, 0.2, 0.3]), member)

    @given(ROWS, st.randoms(use_true_random=False))
    def test_they_are_the_auroc_of_what_they_keep(self, rows, draw):
        truth, scores = arrays(rows)
        member = np.array([draw.random() < 0.5 for _ in rows])
        kept = [(member & truth) | (~member & ~truth), (~member & truth) | (member & ~truth)]
        for measure, here in zip((bnsp_auc, bpsn_auc), kept, strict=True):
            if truth[here].any() and not truth[here].all():
                assert measure(truth, scores, member) == auroc(truth[here], scores[here])


class TestWeights:
    def test_by_hand(self):
        truth, scores = np.array([True, False, True, False]), np.array([0.9, 0.1, 0.2, 0.8])
        found = weighted_auroc(truth, scores, np.array([1.0, 1.0, 3.0, 3.0]))
        assert found == pytest.approx((1 * 1 + 1 * 3 + 3 * 1) / 16)  # the fourth pair, 3 x 3, is lost

    @given(ROWS)
    def test_equal_weights_change_nothing(self, rows):
        truth, scores = arrays(rows)
        assert weighted_auroc(truth, scores, np.full(len(rows), 0.3)) == pytest.approx(auroc(truth, scores))

    @given(ROWS, st.integers(1, 4))
    def test_a_weight_is_as_many_rows(self, rows, times):
        truth, scores = arrays(rows)
        weights = np.where(scores > 0.3, times, 1)
        expected = auroc(np.repeat(truth, weights), np.repeat(scores, weights))
        assert weighted_auroc(truth, scores, weights.astype(float)) == pytest.approx(expected)

    def test_no_weight_is_refused(self):
        with pytest.raises(ValueError, match="above 0"):
            weighted_auroc(np.array([True, False]), np.array([0.1, 0.2]), np.array([1.0, 0.0]))


class TestGeneralisedMean:
    @pytest.mark.parametrize(
        ("values", "p", "expected"),
        [
            ([0.5, 1.0], 1, 0.75),
            ([0.5, 1.0], -1, 2 / 3),
            ([0.5, 1.0], -5, ((32 + 1) / 2) ** -0.2),
            ([0.0, 1.0], -5, 0.0),
            ([0.7], -5, 0.7),
        ],
    )
    def test_by_hand(self, values, p, expected):
        assert generalised_mean(values, p) == pytest.approx(expected)

    @given(st.lists(st.floats(0.01, 1), min_size=1, max_size=9))
    def test_it_lies_between_the_lowest_and_the_mean(self, values):
        assert min(values) - 1e-9 <= generalised_mean(values) <= np.mean(values) + 1e-9

    @pytest.mark.parametrize(("values", "p"), [([], -5), ([-0.1], -5), ([0.5], 0)])
    def test_what_has_no_mean_is_refused(self, values, p):
        with pytest.raises(ValueError, match="power mean"):
            generalised_mean(values, p)


class TestCalibration:
    TARGET = np.array([0.0, 1.0, 1.0, 0.5])
    SCORE = np.array([0.05, 0.15, 0.95, 0.85])

    def test_the_table_by_hand(self):
        low, high = reliability(self.TARGET, self.SCORE, 2)
        assert (low.low, low.high, low.rows) == (0.0, 0.5, 2)
        assert (low.score, low.target) == (pytest.approx(0.1), 0.5)
        assert (high.low, high.high, high.rows) == (0.5, 1.0, 2)
        assert (high.score, high.target) == (pytest.approx(0.9), 0.75)

    def test_the_error_by_hand(self):
        assert expected_calibration_error(self.TARGET, self.SCORE, 2) == pytest.approx((2 * 0.4 + 2 * 0.15) / 4)

    def test_both_ends_have_a_bin(self):
        assert [one.low for one in reliability(np.array([0.0, 1.0]), np.array([0.0, 1.0]), 4)] == [0.0, 0.75]

    def test_the_edge_belongs_to_the_bin_above(self):
        (one,) = reliability(np.array([1.0]), np.array([0.5]), 2)
        assert (one.low, one.high) == (0.5, 1.0)

    @given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40), st.integers(1, 20))
    def test_no_row_is_lost_and_the_error_is_a_share(self, rows, bins):
        target, score = np.array(rows).T
        assert sum(one.rows for one in reliability(target, score, bins)) == len(rows)
        assert 0 <= expected_calibration_error(target, score, bins) <= 1

    @given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
    def test_scores_that_are_the_targets_have_no_error(self, values):
        assert expected_calibration_error(np.array(values), np.array(values)) == pytest.approx(0.0)

    @pytest.mark.parametrize(
        ("target", "score", "bins", "why"),
        [
            ([], [], 15, "as many targets"),
            ([0.5], [0.5, 0.5], 15, "as many targets"),
            ([0.5], [0.5], 0, "at least one bin"),
            ([0.5], [1.1], 15, r"lie in \[0, 1\]"),
            ([-0.1], [0.5], 15, r"lie in \[0, 1\]"),
            ([float("nan")], [0.5], 15, r"lie in \[0, 1\]"),
        ],
    )
    def test_what_is_refused(self, target, score, bins, why):
        with pytest.raises(ValueError, match=why):
            reliability(np.array(target), np.array(score), bins)


class TestWilson:
    @pytest.mark.parametrize(
        ("hits", "cases", "low", "high"), [(5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)]
    )
    def test_published_values(self, hits, cases, low, high):
        found = wilson(hits, cases)
        assert found.value == hits / cases
        assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))

    def test_no_case_is_refused(self):
        with pytest.raises(ValueError, match="no cases"):
            wilson(0, 0)
