"""Figures of merit, with how sure they are: AUROC, average precision, thresholds, calibration, fairness, intervals."""

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


class Bin(msgspec.Struct, frozen=True):
    """The rows whose scores lie in one stretch of [0, 1], as a reliability plot shows them."""

    low: float
    high: float
    """End of the stretch, exclusive; the last one holds 1 as well."""
    rows: int
    score: float
    """Mean score of the rows, in [0, 1]."""
    target: float
    """Mean target of the rows, in [0, 1]: what the mean score should be."""


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


def weighted_auroc(truth: Truth, scores: Numbers, weights: Numbers) -> float:
    """Return `auroc` with pairs of rows counted by the product of their weights, each above 0.

    Raises:
        ValueError: as `auroc`, or a weight is not above 0.
    """
    _count_positives(truth)
    if not (weights > 0).all():
        raise ValueError("weights are above 0")
    places = np.unique(scores, return_inverse=True)[1]
    positive = np.bincount(places, np.where(truth, weights, 0.0))
    negative = np.bincount(places, np.where(truth, 0.0, weights))
    beaten = np.cumsum(negative) - negative / 2
    return float((positive * beaten).sum() / (positive.sum() * negative.sum()))


def subgroup_auc(truth: Truth, scores: Numbers, member: Truth) -> float:
    """Return AUROC among the rows that name a group; low: abuse and the rest are confused there.

    `member` says which rows do; all others are the background. As in Borkan et al. 2019 (arXiv 1903.04561).

    Raises:
        ValueError: these rows are all positive, or all negative.
    """
    return auroc(truth[member], scores[member])


def bpsn_auc(truth: Truth, scores: Numbers, member: Truth) -> float:
    """Return AUROC of background positives against the group's negatives; low: harmless mentions score too high.

    Source and meaning of `member` as for `subgroup_auc`.

    Raises:
        ValueError: there is no positive in the background, or no negative in the group.
    """
    kept = truth ^ member
    return auroc(truth[kept], scores[kept])


def bnsp_auc(truth: Truth, scores: Numbers, member: Truth) -> float:
    """Return AUROC of the group's positives against background negatives; low: abuse of the group scores too low.

    Source and meaning of `member` as for `subgroup_auc`.

    Raises:
        ValueError: there is no positive in the group, or no negative in the background.
    """
    kept = truth == member
    return auroc(truth[kept], scores[kept])


def generalised_mean(values: Sequence[float], p: float = -5) -> float:
    """Return the power mean of values from 0 on; the lower `p`, the more the lowest of them count.

    -5 is what the challenge on unintended bias took for AUCs by group (Jigsaw 2019). With a negative `p`, a single
    0 makes it 0.

    Raises:
        ValueError: no values, one below 0, or `p` is 0.
    """
    found = np.asarray(values, dtype=np.float64)
    if not found.size or (found < 0).any() or p == 0:
        raise ValueError("a power mean needs values from 0 on, at least one, and a power other than 0")
    if p < 0 and (found == 0).any():
        return 0.0
    return float(np.mean(found**p) ** (1 / p))


def reliability(target: Numbers, score: Numbers, bins: int = 15) -> list[Bin]:
    """Return what was promised and what came, for each of `bins` equal stretches of [0, 1]; empty ones are left out.

    Targets may be shares of raters, in [0, 1].

    Raises:
        ValueError: no rows, not as many targets as scores, a number outside [0, 1], or fewer than one bin.
    """
    if bins < 1 or not len(target) or len(target) != len(score):
        raise ValueError("a reliability table needs at least one bin, and as many targets as scores")
    if not all(((numbers >= 0) & (numbers <= 1)).all() for numbers in (target, score)):
        raise ValueError("targets and scores lie in [0, 1]")
    place = np.minimum((score * bins).astype(np.int64), bins - 1)
    return [_bin(number, bins, score[place == number], target[place == number]) for number in np.unique(place).tolist()]


def _bin(number: int, bins: int, score: Numbers, target: Numbers) -> Bin:
    return Bin(number / bins, (number + 1) / bins, len(score), float(score.mean()), float(target.mean()))


def expected_calibration_error(target: Numbers, score: Numbers, bins: int = 15) -> float:
    """Return how far scores are from targets, in [0, 1]: the mean over rows of their bin's difference.

    Bins of equal width (Naeini et al. 2015, AAAI); targets may be shares of raters. Raises as `reliability` does.
    """
    return sum(one.rows * abs(one.score - one.target) for one in reliability(target, score, bins)) / len(target)


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


def wilson(hits: int, cases: int) -> Estimate:
    """Return a share with its 95 % interval (Wilson 1927), which stays within [0, 1] for few cases, too.

    Raises:
        ValueError: there is no case.
    """
    if cases < 1:
        raise ValueError("no cases to count")
    share, square = hits / cases, 1.96**2
    middle = share + square / (2 * cases)
    reach = 1.96 * float(np.sqrt(share * (1 - share) / cases + square / (4 * cases**2)))
    whole = 1 + square / cases
    return Estimate(share, max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole))


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
