"""Fitting a head: it finds what there is to find, calibrated, the same each time, and nothing where nothing is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from belowline.engine.fit_head import FOLDS, fit_head, fit_logistic
from belowline.engine.models.hashed import sigmoid

POOLED = 12


def decisions(count=800, *, seed=0, strength=2.0, width=POOLED + 4):
    """Traits, and refusals that depend on the first one of the encoder's vector and the last of the rest."""
    draw = np.random.default_rng(seed)
    traits = (draw.normal(size=(count, width)) * np.arange(1, width + 1) + 3).astype(np.float32)
    log_odds = strength * ((traits[:, 0] - 3) - (traits[:, -1] - 3) / width) - 1
    return traits, draw.random(count) < sigmoid(log_odds), log_odds


@pytest.fixture(scope="module")
def fitted():
    traits, refused, _ = decisions()
    return fit_head(traits, refused, base="abuse-1", pooled=POOLED)


class TestHead:
    def test_it_finds_what_there_is(self, fitted):
        traits, refused, log_odds = decisions(4_000, seed=1)
        assert np.corrcoef(fitted.log_odds(traits), log_odds)[0, 1] > 0.95
        order = np.argsort(fitted.log_odds(traits))
        assert refused[order[:1_000]].mean() < 0.05
        assert refused[order[-1_000:]].mean() > 0.75

    def test_its_scores_are_chances(self, fitted):
        traits, refused, _ = decisions(6_000, seed=2)
        scores = fitted.scores(traits)
        for low in (0.0, 0.2, 0.4, 0.6, 0.8):
            here = (scores >= low) & (scores < low + 0.2)
            assert refused[here].mean() == pytest.approx(scores[here].mean(), abs=0.06)

    def test_the_same_again_is_the_same(self, fitted):
        traits, refused, _ = decisions()
        assert fit_head(traits.copy(), refused.copy(), base="abuse-1", pooled=POOLED).to_bytes() == fitted.to_bytes()

    def test_where_nothing_is_to_be_learned_every_score_is_near_the_share(self):
        traits, _, _ = decisions()
        refused = np.random.default_rng(5).random(len(traits)) < 0.2
        found = fit_head(traits, refused, base="a", pooled=POOLED)
        assert np.abs(found.scores(traits) - refused.mean()).max() < 0.15

    def test_the_opposite_decisions_give_the_opposite_order(self, fitted):
        traits, refused, _ = decisions()
        other = fit_head(traits, ~refused, base="a", pooled=POOLED)
        assert np.corrcoef(fitted.log_odds(traits), other.log_odds(traits))[0, 1] < -0.999

    def test_columns_that_never_change_weigh_nothing(self):
        traits, refused, _ = decisions()
        traits[:, [2, POOLED + 1]] = 7
        found = fit_head(traits, refused, base="a", pooled=POOLED)
        assert found.weights[[2, POOLED + 1]].tolist() == [0, 0]
        assert np.isfinite(found.weights).all()

    def test_units_do_not_matter(self):
        traits, refused, _ = decisions()
        factor, offset = np.linspace(0.5, 30, traits.shape[1]), np.linspace(-4, 9, traits.shape[1])
        one = fit_head(traits.astype(float), refused, base="a", pooled=POOLED)
        other = fit_head(traits * factor + offset, refused, base="a", pooled=POOLED)
        np.testing.assert_allclose(other.scores(traits * factor + offset), one.scores(traits), atol=1e-5)

    def test_what_can_be_parted_perfectly_stays_finite(self):
        traits = np.linspace(-1, 1, 200, dtype=np.float32)[:, None].repeat(3, axis=1)
        found = fit_head(traits, traits[:, 0] > 0, base="a", pooled=1)
        assert np.isfinite(found.log_odds(traits)).all()
        assert (np.diff(found.scores(traits)) >= 0).all()

    @pytest.mark.parametrize("refusals", [0, FOLDS - 1])
    def test_too_few_of_a_kind(self, refusals):
        traits, _, _ = decisions(100)
        refused = np.arange(100) < refusals
        for kind in (refused, ~refused):
            with pytest.raises(ValueError, match="of either kind"):
                fit_head(traits, kind, base="a", pooled=POOLED)

    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 10_000), st.integers(10, 60))
    def test_any_small_history_gives_a_finite_head(self, seed, count):
        draw = np.random.default_rng(seed)
        traits = draw.normal(size=(count, 5)).astype(np.float32)
        refused = np.arange(count) % 2 == 0
        found = fit_head(traits, refused, base="a", pooled=3)
        assert np.isfinite(found.weights).all()
        assert ((found.scores(traits) >= 0) & (found.scores(traits) <= 1)).all()


class TestLogistic:
    @pytest.mark.parametrize("penalty", [0.5, 20.0, 320.0])
    def test_it_is_what_scikit_learn_finds(self, penalty):
        traits, refused, _ = decisions(300)
        columns = (traits - traits.mean(0)) / traits.std(0)
        weights, bias = fit_logistic(columns.astype(float), refused, penalty)
        theirs = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=5_000).fit(columns.astype(float), refused)
        np.testing.assert_allclose(weights, theirs.coef_[0], atol=1e-4)
        assert bias == pytest.approx(theirs.intercept_[0], abs=1e-4)

    def test_the_start_does_not_matter(self):
        traits, refused, _ = decisions(300)
        columns = ((traits - traits.mean(0)) / traits.std(0)).astype(float)
        weights, bias = fit_logistic(columns, refused, 5.0)
        far = fit_logistic(columns, refused, 5.0, (weights + 3, bias - 4))
        np.testing.assert_allclose(far[0], weights, atol=1e-4)

    def test_a_stronger_penalty_gives_smaller_weights(self):
        traits, refused, _ = decisions(300)
        columns = ((traits - traits.mean(0)) / traits.std(0)).astype(float)
        sizes = [np.abs(fit_logistic(columns, refused, penalty)[0]).sum() for penalty in (1.0, 10.0, 100.0, 1_000.0)]
        assert sizes == sorted(sizes, reverse=True)
