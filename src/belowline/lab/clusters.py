"""Figures with intervals where rows hang together: whole stories are drawn anew, not rows."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.lab.metrics import Estimate, Measure, Numbers, Truth


class Resampling(NamedTuple):
    """How the intervals are drawn."""

    times: int = 200
    seed: int = 0


def cluster_estimates(
    measures: Mapping[str, Measure],
    truth: Truth,
    scores: Numbers,
    clusters: NDArray[np.intp],
    draws: Resampling = Resampling(),  # noqa: B008 - it cannot change
) -> dict[str, Estimate]:
    """Return each figure with its percentile interval from resampled clusters (Field and Welsh 2007, JRSS B 69).

    `clusters` holds the number of each row's cluster. Resamples in which only one answer occurs are left out. With one
    cluster, or no resamples, the interval is the figure itself. Raises as the measures do.
    """
    values = {name: measure(truth, scores) for name, measure in measures.items()}
    rows_of = [np.flatnonzero(clusters == one) for one in np.unique(clusters)]
    draw = np.random.default_rng(draws.seed)
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(draws.times if len(rows_of) > 1 else 0):
        rows = np.concatenate([rows_of[one] for one in draw.integers(0, len(rows_of), len(rows_of))])
        if truth[rows].any() and not truth[rows].all():
            for name, measure in measures.items():
                found[name].append(measure(truth[rows], scores[rows]))
    return {name: _between(values[name], drawn) for name, drawn in found.items()}


def cluster_estimate(
    measure: Measure,
    truth: Truth,
    scores: Numbers,
    clusters: NDArray[np.intp],
    draws: Resampling = Resampling(),  # noqa: B008 - it cannot change
) -> Estimate:
    """Return one figure; all else as `cluster_estimates`."""
    return cluster_estimates({"it": measure}, truth, scores, clusters, draws)["it"]


def cluster_share(hits: Truth, clusters: NDArray[np.intp], draws: Resampling = Resampling()) -> Estimate:  # noqa: B008
    """Return the share of hits with its interval from resampled clusters.

    Raises:
        ValueError: there is no row.
    """
    if not len(hits):
        raise ValueError("no rows to count")
    names, places = np.unique(clusters, return_inverse=True)
    sums, sizes = np.bincount(places, hits), np.bincount(places)
    drawn = np.random.default_rng(draws.seed).integers(
        0, len(names), (draws.times if len(names) > 1 else 0, len(names))
    )
    shares = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return _between(float(hits.mean()), shares.tolist())


def caught_at(share: float) -> Measure:
    """Return the measure of positives caught where at most `share` in [0, 1] of the negatives are flagged as well.

    Positives count that score above what the first negative beyond that share scores.
    """

    def measure(truth: Truth, scores: Numbers) -> float:
        negatives = np.sort(scores[~truth])[::-1]
        limit = negatives[int(share * len(negatives))]
        return float((scores[truth] > limit).mean())

    return measure


def _between(value: float, drawn: list[float]) -> Estimate:
    low, high = np.quantile(drawn, [0.025, 0.975]) if drawn else (value, value)
    return Estimate(value, float(low), float(high))
