"""Fitting one label."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from belowline.engine.models.hashed import Hasher
from belowline.lab.heads import Settings, fit_head, log_ratios
from belowline.lab.matrix import presence, scaled

TINY = Hasher(10, 10)
QUICK = Settings(iterations=30)


class TestHeads:
    def fit(self, target, weight=None, texts=("nitwit", "nitwit", "budget", "budget")):
        found = presence(texts, TINY)
        weight = np.ones(len(target)) if weight is None else np.array(weight, dtype=float)
        head = fit_head(found, scaled(found, TINY, 0.4), np.array(target, dtype=float), weight, QUICK)
        return found @ head.weights

    def test_positive_words_weigh_more(self):
        found = self.fit([1, 1, 0, 0])
        assert found[0] > 0 > found[2]

    def test_soft_targets_lie_between(self):
        hard, soft = self.fit([1, 1, 0, 0]), self.fit([0.7, 0.7, 0, 0])
        assert 0 < soft[0] < hard[0]

    def test_a_soft_target_is_two_rows_that_disagree(self):
        texts = ["nitwit", "nitwit", "budget", "budget"]
        soft = self.fit([0.75, 0.75, 0, 0], [2, 2, 1, 1], texts)
        split = self.fit([1, 1, 0, 0, 0, 0], [1.5, 1.5, 0.5, 0.5, 1, 1], ["nitwit"] * 4 + ["budget"] * 2)
        assert soft[0] == pytest.approx(split[0], rel=0.05)

    def test_rows_of_more_weight_win(self):
        texts = ["nitwit"] * 2 + ["budget"] * 2 + ["nitwit"] * 2
        assert self.fit([1, 1, 0, 0, 0, 0], [9, 9, 1, 1, 0.1, 0.1], texts)[0] > 0

    def test_one_answer_alone_is_refused(self):
        with pytest.raises(ValueError, match="all targets are the same"):
            self.fit([0, 0, 0, 0])

    def test_ratios_are_nought_for_rare_and_even_features(self):
        found = sparse.csr_matrix(np.array([[1, 1, 0], [1, 0, 1], [1, 0, 1], [1, 0, 0]], dtype=np.float32))
        ratio = log_ratios(found, np.array([1.0, 1.0, 0.0, 0.0]), np.ones(4), QUICK)
        assert ratio[0] == pytest.approx(0.0)
        assert ratio[1] == 0.0
        assert ratio[2] == pytest.approx(0.0)


class TestRatios:
    FOUND = sparse.csr_matrix(np.array([[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 1, 1]], dtype=np.float32))
    TARGET = np.array([1.0, 1.0, 0.0, 0.0])

    def test_the_sign_says_for_which_side_a_feature_speaks(self):
        ratio = log_ratios(self.FOUND, self.TARGET, np.ones(4), QUICK)
        assert ratio[1] > 0 > ratio[2]

    def test_rare_features_are_silent(self):
        assert log_ratios(self.FOUND, self.TARGET, np.ones(4), QUICK)[3] == 0.0
        assert log_ratios(self.FOUND, self.TARGET, np.ones(4), QUICK._replace(rarest=1))[3] < 0

    @pytest.mark.parametrize("smoothing", [0.1, 1.0, 10.0])
    def test_smoothing_draws_towards_nought(self, smoothing):
        soft = log_ratios(self.FOUND, self.TARGET, np.ones(4), QUICK._replace(smoothing=smoothing))
        softer = log_ratios(self.FOUND, self.TARGET, np.ones(4), QUICK._replace(smoothing=2 * smoothing))
        assert abs(softer[1]) < abs(soft[1])

    @given(st.floats(0.5, 20))
    def test_a_rare_label_is_measured_against_its_own_rate(self, weight):
        weights = np.array([1.0, 1.0, weight, weight])
        assert log_ratios(self.FOUND, self.TARGET, weights, QUICK)[0] == pytest.approx(0.0, abs=1e-9)


class TestRepeatable:
    @settings(max_examples=10)
    @given(st.lists(st.booleans(), min_size=4, max_size=12))
    def test_same_rows_same_head(self, answers):
        target = np.array([1.0, 0.0, *map(float, answers)])
        texts = ["nitwit" if answer else "budget" for answer in target]
        found = presence(texts, TINY)
        levelled = scaled(found, TINY, 0.4)
        one, two = (fit_head(found, levelled, target, np.ones(len(target)), QUICK) for _ in range(2))
        np.testing.assert_array_equal(one.weights, two.weights)
        assert one.bias == two.bias

    def test_features_that_no_row_has_weigh_nothing(self):
        found = presence(["nitwit", "nitwit", "budget", "budget"], TINY)
        head = fit_head(found, scaled(found, TINY, 0.4), np.array([1.0, 1.0, 0.0, 0.0]), np.ones(4), QUICK)
        unseen = np.asarray(found.sum(axis=0)).ravel() == 0
        assert (head.weights[unseen] == 0).all()
