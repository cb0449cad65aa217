"""Figures of merit against the slow way and scikit-learn's."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from belowline.lab.metrics import THRESHOLDS, auroc, average_precision, estimate, threshold_table

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
