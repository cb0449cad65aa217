"""Fitting one label: a logistic model on features scaled by naive Bayes log ratios.

NB-scaled linear models after Wang and Manning 2012 (ACL, "Baselines and Bigrams"): each feature is multiplied
by the log ratio of its rates in positive and negative rows before the logistic fit, which spares rare words
the full shrinkage.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from belowline.lab.matrix import Matrix, Vector

TOLERANCE = 1e-5
"""Gradient at which a fit ends."""


class Settings(NamedTuple):
    """Hyper-parameters of a fit."""

    power: float = 0.4
    """As in HashedModel: how far long texts are levelled."""
    blend: float = 0.6
    """As in HashedModel: how much the strongest passage of a long text counts."""
    inverse_penalty: float = 0.5
    """scikit-learn's C: larger fits closer."""
    smoothing: float = 0.2
    """Positive rows added to every feature, with as many negative ones as the base rate has, before its log
    ratio."""
    rarest: int = 2
    """Features in fewer rows get no weight."""
    iterations: int = 300


class Head(NamedTuple):
    """One fitted label."""

    weights: Vector
    """Log odds per feature, shape (hasher.size,)."""
    bias: float


def log_ratios(found: Matrix, target: Vector, weight: Vector, settings: Settings) -> Vector:
    """Return each feature's log odds of the label among the rows that have it, less those among all rows."""
    positive = found.T @ (weight * target)
    every = found.T @ weight
    base = float((weight * target).sum() / weight.sum())
    prior = settings.smoothing / base
    share = (positive + settings.smoothing) / (every + prior)
    ratio: Vector = np.log(share / (1 - share)) - np.log(base / (1 - base))
    ratio[found.getnnz(axis=0) < settings.rarest] = 0.0
    return ratio


def fit_head(
    found: Matrix,
    levelled: Matrix,
    target: Vector,
    weight: Vector,
    settings: Settings,
) -> Head:
    """Fit a label to targets in [0, 1].

    A target between counts as both answers, each with its share of the weight. `found` says which features each
    row has, `levelled` is the same after `scaled`. Deterministic.

    Raises:
        ValueError: all targets are the same.
    """
    if target.min() == target.max():
        raise ValueError("all targets are the same: rows with and without the label are needed")
    ratio = np.abs(log_ratios(found, target, weight, settings))
    inputs = levelled @ sparse.diags(ratio.astype(np.float32))
    yes, no = np.flatnonzero(target > 0), np.flatnonzero(target < 1)
    answers = np.concatenate((np.ones(len(yes)), np.zeros(len(no))))
    weights = np.concatenate((weight[yes] * target[yes], weight[no] * (1 - target[no])))
    model = LogisticRegression(C=settings.inverse_penalty, max_iter=settings.iterations, tol=TOLERANCE)
    model.fit(sparse.vstack((inputs[yes], inputs[no])).tocsr(), answers, sample_weight=weights)
    return Head(model.coef_[0].astype(np.float64) * ratio, float(model.intercept_[0]))
