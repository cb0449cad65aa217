"""Figures of merit, with how sure they are: AUROC, average precision, thresholds, bootstrap intervals."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Truth = NDArray[np.bool_]
Measure = Callable[[Truth, Numbers], float]

THRESHOLDS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9)


class Estimate(msgspec.Struct, frozen=True):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class AtThreshold(msgspec.Struct, frozen=True):
    """What happens when scores from `threshold` on are acted upon; all shares in [0, 1]."""

    threshold: float
    flagged: float
    """Share of all rows."""
    precision: float
    """Share of the flagged that are positive; 1 where nothing is flagged."""
    recall: float
    """Share of the positive that are flagged."""
    false_alarms: float
    """Share of the negative that are flagged."""


def auroc(truth: Truth, scores: Numbers) -> float:
    """Return the chance that a positive row outranks a negative one, ties counting half.

    Raises:
        ValueError: all rows are positive, or all negative.
    """
    positives = _count_positives(truth)
    _, place, times = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - (times - 1) / 2)[place]
    above = ranks[truth].sum() - positives * (positives + 1) / 2
    return float(above / (positives * (len(truth) - positives)))


def average_precision(truth: Truth, scores: Numbers) -> float:
    """Return the mean over recall of the precision at each distinct score; raises as `auroc` does."""
    positives = _count_positives(truth)
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    hits = np.cumsum(truth[order])[ends]
    precision = hits / (ends + 1)
    return float((precision * np.diff(hits, prepend=0)).sum() / positives)


def estimate(measure: Measure, truth: Truth, scores: Numbers, *, resamples: int = 200, seed: int = 0) -> Estimate:
    """Return a figure with its bootstrap percentile interval (Efron 1979); raises as the measure does.

    Resamples in which only one answer occurs are drawn again as part of the same sequence, so the result is
    the same for the same seed.
    """
    value = measure(truth, scores)
    draw = np.random.default_rng(seed)
    found: list[float] = []
    while len(found) < resamples:
        rows = draw.integers(0, len(truth), len(truth))
        if truth[rows].any() and not truth[rows].all():
            found.append(measure(truth[rows], scores[rows]))
    low, high = np.quantile(found, [0.025, 0.975]) if found else (value, value)
    return Estimate(value, float(low), float(high))


def threshold_table(truth: Truth, scores: Numbers, thresholds: Sequence[float] = THRESHOLDS) -> list[AtThreshold]:
    """Return what each threshold does; raises ValueError when there is no row."""
    if not len(truth):
        raise ValueError("no rows to count")
    return [_at(truth, scores >= threshold, threshold) for threshold in thresholds]


def _at(truth: Truth, flagged: Truth, threshold: float) -> AtThreshold:
    hits = int((truth & flagged).sum())
    return AtThreshold(
        threshold=threshold,
        flagged=float(flagged.mean()),
        precision=hits / int(flagged.sum()) if flagged.any() else 1.0,
        recall=hits / max(int(truth.sum()), 1),
        false_alarms=int((flagged & ~truth).sum()) / max(int((~truth).sum()), 1),
    )


def _count_positives(truth: Truth) -> int:
    positives = int(truth.sum())
    if positives in {0, len(truth)}:
        raise ValueError("both answers are needed: all rows are the same")
    return positives
