"""Putting the cascade together: weights that help, curves that mean a rate, a cut-off that costs little."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from belowline.engine.models.cascade import KINDS, Cascade
from belowline.engine.models.encoder import Encoded, Encoder
from belowline.engine.models.first_stage import FirstStage
from belowline.engine.models.hashed import HashedModel, Hasher
from belowline.engine.models.tokens import Window
from belowline.lab.datasets import LABELS
from belowline.lab.fit_cascade import (
    MOST_LOSS,
    STEEPEST,
    TRUSTED,
    Readings,
    character_f1,
    fit,
    fit_curve,
    fit_marks,
    fit_share,
    joined_log_odds,
    losses,
    settled_rows,
)
from belowline.lab.metrics import auroc, expected_calibration_error

COUNT = len(LABELS)


def made(rows=2_400, *, first_noise=1.5, words_noise=1.5, encoder_noise=1.0, seed=0):
    """Return readings of rows whose truth all parts see through a noise of their own."""
    draw = np.random.default_rng(seed)
    truth = draw.normal(size=(rows, COUNT)) * 2 - 3
    targets = (draw.random((rows, COUNT)) < 1 / (1 + np.exp(-truth))).astype(np.float32)
    words = truth + draw.normal(scale=words_noise, size=truth.shape)
    encoder = truth + draw.normal(scale=encoder_noise, size=truth.shape)
    first = encoder + words / 2 + draw.normal(scale=first_noise, size=truth.shape)
    joined = [(encoder[at][None], words[at][None]) for at in range(rows)]
    weights = np.ones_like(targets)
    source = np.array(["wikiconv_cat", "two"] * (rows // 2))
    return Readings(first, joined, targets, weights, source, np.ones(rows))


@pytest.fixture(scope="module")
def readings():
    return made()


@pytest.fixture(scope="module")
def parameters(readings):
    return fit(readings, mark_from=0.4)


def log_odds(parts, readings):
    weights = np.array([[part.encoder.get(label, 0.0) for label in LABELS] for part in map(parts.get, LABELS)])
    words, shift = (np.array([getattr(parts[label], name) for label in LABELS]) for name in ("words", "shift"))
    return np.array([found[0] @ weights.T + by_words[0] * words + shift for found, by_words in readings.joined])


class TestShares:
    def test_both_together_tell_more_than_either(self, readings):
        share = fit_share(readings, 0)
        assert share > 0
        truth = readings.targets[:, 0] > 0.5
        both, encoder = (auroc(truth, joined_log_odds(readings, 0, value)) for value in (share, 0.0))
        words = np.array([by_words[0, 0] for _, by_words in readings.joined])
        assert both > max(encoder, auroc(truth, words))

    def test_misleading_words_do_not_count(self, readings):
        opposite = [(found, -by_words) for found, by_words in readings.joined]
        assert fit_share(readings._replace(joined=opposite), 0) == 0

    def test_the_better_the_words_the_more_they_count(self):
        poor, good = (fit_share(made(words_noise=noise), 0) for noise in (6.0, 0.3))
        assert poor < good

    def test_sources_count_alike_however_many_rows_they_have(self, readings):
        few = np.arange(len(readings.source)) < 200
        joined = [
            (found, by_words if one else -by_words)
            for (found, by_words), one in zip(readings.joined, few.tolist(), strict=True)
        ]
        telling = [(found * (0.01 if one else 1), words) for (found, words), one in zip(joined, few, strict=True)]
        source = np.where(few, "few", "many")
        alone = fit_share(readings._replace(joined=telling, source=np.full(len(few), "one")), 0)
        assert fit_share(readings._replace(joined=telling, source=source), 0) >= alone == 0

    def test_where_no_source_can_judge_the_encoder_speaks_alone(self, readings):
        assert fit_share(readings._replace(weights=readings.weights * 0), 0) == 0

    def test_the_window_counts_where_both_say_most(self, readings):
        one = [(np.array([[1.0], [2.0]]), np.array([[4.0], [-4.0]]))]
        assert joined_log_odds(readings._replace(joined=one), 0, 0.5).tolist() == [3.0]
        assert joined_log_odds(readings._replace(joined=one), 0, 0.0).tolist() == [2.0]

    def test_masked_rows_say_nothing(self, readings):
        masked = readings.weights.copy()
        masked[1_000:] = 0
        spoilt = readings.targets.copy()
        spoilt[1_000:] = 1 - spoilt[1_000:]
        few = readings._replace(weights=masked)
        assert fit_share(few._replace(targets=spoilt), 0) == fit_share(few, 0)


class TestCurves:
    def test_shares_mean_what_they_say(self):
        draw = np.random.default_rng(1)
        odds = draw.normal(scale=3, size=20_000)
        target = (draw.random(20_000) < 1 / (1 + np.exp(-(odds * 0.5 - 1)))).astype(float)
        before, after = fit_curve(odds, target, np.ones(len(odds)))
        shares = 1 / (1 + np.exp(-np.interp(odds, before, after)))
        assert expected_calibration_error(target, shares) < 0.01

    @pytest.mark.parametrize("target", [np.zeros(500), np.ones(500), np.arange(500) % 2])
    def test_a_curve_always_rises(self, target):
        before, after = fit_curve(np.linspace(-3, 3, 500), target.astype(float), np.ones(500))
        assert (np.diff(before) > 0).all()
        assert (np.diff(after) > 0).all()

    def test_a_curve_has_no_flat_stretch_where_shares_do_not_rise(self):
        odds = np.linspace(-3, 3, 3_000)
        share = np.where(np.abs(odds) < 1, 0.5 - odds * 0.2, np.where(odds < 0, 0.1, 0.9))
        target = (np.random.default_rng(2).random(3_000) < share).astype(float)
        before, after = fit_curve(odds, target, np.ones(3_000))
        assert (np.diff(after) / np.diff(before) > 2 * STEEPEST).all()

    def test_rows_that_count_half_say_what_half_as_many_say(self):
        odds = np.linspace(-3, 3, 600)
        target = (np.arange(600) % 3 == 0).astype(float)
        once = fit_curve(odds, target, np.ones(600))
        twice = fit_curve(np.repeat(odds, 2), np.repeat(target, 2), np.full(1_200, 0.5))
        shares = [1 / (1 + np.exp(-np.interp(odds, *curve))) for curve in (once, twice)]
        np.testing.assert_allclose(*shares, atol=0.02)

    def test_the_many_fillings_of_one_sentence_do_not_lift_the_curve(self):
        odds = np.linspace(-3, 3, 1_000)
        target = (np.random.default_rng(0).random(1_000) < 0.1).astype(float)
        many = np.full(400, -2.0)
        before, after = fit_curve(
            np.concatenate((odds, many)), np.concatenate((target, np.ones(400))), np.repeat((1, 0.0025), (1_000, 400))
        )
        assert 1 / (1 + np.exp(-np.interp(-2.0, before, after))) < 0.15


class LikelyWords:
    """An encoder that takes words for tokens and finds each as likely to be marked as `likely` says."""

    def __init__(self, likely):
        self.likely = likely

    def windows(self, text):
        words = list(re.finditer(r"\S+", text))
        starts, ends = (np.array(found) for found in zip(*(word.span() for word in words), strict=True))
        self.words = [word[0] for word in words]
        return [Window(np.zeros(len(words) + 2, dtype=np.int64), starts, ends)]

    def read(self, windows):
        marks = np.zeros((len(self.words), len(KINDS)))
        marks[:, KINDS.index("any")] = [self.likely.get(word, 0.0) for word in self.words]
        return [Encoded(np.zeros(COUNT), marks, np.zeros(2, dtype=np.float32)) for _ in windows]


class TestMarks:
    def corpus(self, *shares):
        """Two texts: in the first `fool` was marked by these shares of raters, in the second `silly`."""
        texts = ["what a fool", "a silly rule"]
        marks = {}
        for place, (text, word, share) in enumerate(zip(texts, ("fool", "silly"), shares, strict=True)):
            marks[place] = np.zeros((len(text), len(KINDS)), dtype=np.float32)
            marks[place][text.index(word) : text.index(word) + len(word), 0] = share
        return SimpleNamespace(texts=texts, marks=marks)

    def test_half_of_the_raters_are_no_majority(self):
        encoder = LikelyWords({"fool": 0.6, "silly": 0.4})
        threshold, f1 = fit_marks(self.corpus(1.0, 0.5), [0, 1], encoder)
        assert 0.4 < threshold < 0.6
        assert f1 == 1.0

    def test_more_than_half_are(self):
        encoder = LikelyWords({"fool": 0.6, "silly": 0.4})
        threshold, f1 = fit_marks(self.corpus(1.0, 0.67), [0, 1], encoder)
        assert threshold < 0.4
        assert f1 == 1.0


class TestCutOffs:
    def settled(self, parameters, readings):
        return settled_rows(readings.first, parameters.settled_below)

    def test_a_good_first_stage_settles_some_rows_at_little_cost(self):
        sharp = made(first_noise=0.1)
        found = fit(sharp, mark_from=0.4)
        settled = self.settled(found, sharp)
        assert 0 < settled.mean() < 1
        assert max(losses(sharp, log_odds(found.parts, sharp), settled)) <= MOST_LOSS

    def test_a_poor_one_settles_less(self, parameters, readings):
        sharp = made(first_noise=0.1)
        assert self.settled(parameters, readings).mean() < self.settled(fit(sharp, mark_from=0.4), sharp).mean()

    def test_without_ordinary_rows_nothing_is_settled(self, readings):
        other = readings._replace(source=np.full(len(readings.source), "two"))
        assert not self.settled(fit(other, mark_from=0.4), other).any()

    def test_sources_that_are_hardly_trusted_have_no_say(self, parameters, readings):
        scores, settled = log_odds(parameters.parts, readings), readings.first[:, 0] < 0
        assert losses(readings, scores, settled)
        doubted = readings._replace(weights=readings.weights * 0.9 * TRUSTED)
        assert losses(doubted, scores, settled) == []

    def test_what_was_fitted_loads(self, parameters, encoder_files, first_file):
        scale = np.ones(COUNT)
        words = HashedModel(LABELS, Hasher(4, 4), np.zeros((32, COUNT), np.int16), scale, scale, 0.4, 0.6)
        encoder = Encoder(*encoder_files, labels=COUNT, kinds=len(KINDS))
        assert Cascade(FirstStage(first_file, labels=COUNT), encoder, words, parameters).mark_from == 0.4


@pytest.mark.parametrize(
    ("gold", "found", "score"),
    [("", "", 1), ("11", "", 0), ("", "11", 0), ("1100", "1000", 2 / 3), ("11", "11", 1)],
)
def test_character_f1(gold, found, score):
    masks = (np.array([letter == "1" for letter in text.ljust(4, "0")]) for text in (gold, found))
    assert character_f1(*masks) == pytest.approx(score)
