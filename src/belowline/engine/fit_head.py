"""Fitting a newsroom's head: ridge logistic regression by Newton's method, and calibration on decisions kept apart.

The penalty is chosen by cross-validation, and the log odds are calibrated on what each fold said of decisions that it
had not seen (Platt 1999, "Probabilistic outputs for support vector machines"). Numpy alone, some seconds for thousands
of decisions.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.models.hashed import sigmoid
from belowline.engine.models.head import Head

Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]

PENALTIES = (320.0, 160.0, 80.0, 40.0, 20.0, 10.0, 5.0)
"""Half of this times the sum of squared weights is added to the loss; the strongest first."""
FOLDS = 5
POOLED_SHARE = 0.2
"""Standardised columns of the encoder's vector are this small: a weight there costs 25 times as much as elsewhere."""
STEPS = 50
CLOSE = 1e-8
"""Newton's method has arrived when a step would lower the loss by no more than this share."""


class Scale(NamedTuple):
    """What makes columns comparable: they become (x - middle) / spread."""

    middle: Numbers
    spread: Numbers

    def apply(self, traits: NDArray[np.floating]) -> Numbers:
        """Return the scaled columns, of the shape of `traits`."""
        return np.asarray((traits - self.middle) / self.spread, dtype=np.float64)


def fit_head(traits: NDArray[np.floating], refused: Marks, *, base: str, pooled: int) -> Head:
    """Learn from decisions: traits of shape (decisions, traits), of which the first `pooled` are the encoder's vector.

    `base` is the version of the abuse model that gave them. The same decisions in the same order give the same head.

    Raises:
        ValueError: fewer than FOLDS decisions of either kind.
    """
    if min(refused.sum(), (~refused).sum()) < FOLDS:
        raise ValueError(f"at least {FOLDS} decisions of either kind are needed")
    scale = _scale(traits, pooled)
    scaled = scale.apply(traits)
    apart = _log_odds_apart(scaled, refused)
    penalty = min(apart, key=lambda one: _loss(apart[one], refused))
    weights, bias = fit_logistic(scaled, refused, penalty)
    slope, shift = _calibration(apart[penalty], refused)
    joined = slope * weights / scale.spread
    return Head(base, joined, float(slope * bias + shift - joined @ scale.middle))


def fit_logistic(
    columns: Numbers, positive: Marks, penalty: float, start: tuple[Numbers, float] | None = None
) -> tuple[Numbers, float]:
    """Return weights, shape (columns,), and the bias, which has no penalty, of a ridge logistic regression."""
    whole = np.hstack((columns, np.ones((len(columns), 1))))
    ridge = np.full(whole.shape[1], penalty)
    ridge[-1] = 0.0
    found = np.zeros(whole.shape[1]) if start is None else np.append(*start)
    loss = _penalised(whole, positive, ridge, found)
    for _ in range(STEPS):
        likely = sigmoid(whole @ found)
        slope = whole.T @ (likely - positive) + ridge * found
        curve = (whole.T * (likely * (1 - likely))) @ whole + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curve, slope)
        found, loss, arrived = _shortened(whole, positive, ridge, found, step, loss)
        if arrived:
            break
    return found[:-1], float(found[-1])


def _shortened(  # noqa: PLR0913, PLR0917 - the state of a search
    whole: Numbers, positive: Marks, ridge: Numbers, found: Numbers, step: Numbers, loss: float
) -> tuple[Numbers, float, bool]:
    """Take the step, halved until it lowers the loss; say whether there is nothing left to gain."""
    for _ in range(STEPS):
        tried = found - step
        lower = _penalised(whole, positive, ridge, tried)
        if lower <= loss:
            return tried, lower, loss - lower <= CLOSE * (1 + loss)
        step = step / 2
    return found, loss, True


def _penalised(whole: Numbers, positive: Marks, ridge: Numbers, weights: Numbers) -> float:
    return _loss(whole @ weights, positive) + float(ridge @ weights**2) / 2


def _loss(log_odds: Numbers, positive: Marks) -> float:
    """Return minus the logarithm of the chance of what happened."""
    return float(np.logaddexp(0.0, np.where(positive, -log_odds, log_odds)).sum())


def _scale(traits: NDArray[np.floating], pooled: int) -> Scale:
    middle, spread = traits.mean(axis=0, dtype=np.float64), traits.std(axis=0, dtype=np.float64)
    spread[spread < 1e-6] = np.inf  # noqa: PLR2004 - a column that never changes says nothing
    spread[:pooled] /= POOLED_SHARE
    return Scale(middle, spread)


def _log_odds_apart(scaled: Numbers, refused: Marks) -> dict[float, Numbers]:
    """Return for each penalty the log odds of every decision by a model that has not seen it."""
    apart = {penalty: np.zeros(len(scaled)) for penalty in PENALTIES}
    fold = _folds(refused)
    for number in range(FOLDS):
        seen, start = fold != number, None
        for penalty in PENALTIES:
            start = fit_logistic(scaled[seen], refused[seen], penalty, start)
            apart[penalty][~seen] = scaled[~seen] @ start[0] + start[1]
    return apart


def _folds(refused: Marks) -> NDArray[np.int64]:
    """Deal the decisions of either kind in turns, so that each fold has its share of both."""
    fold = np.zeros(len(refused), dtype=np.int64)
    for kind in (refused, ~refused):
        fold[kind] = np.arange(kind.sum()) % FOLDS
    return fold


def _calibration(log_odds: Numbers, refused: Marks) -> tuple[float, float]:
    """Return slope, never below 0, and shift that turn log odds into those of what happened.

    A slope below 0 would turn the order round: then the decisions could not be learned, and all scores are the same.
    """
    (slope,), shift = fit_logistic(log_odds[:, None], refused, 1e-3)
    if slope > 0:
        return float(slope), shift
    share = float(refused.mean())
    return 0.0, float(np.log(share / (1 - share)))
