"""Put the cascade together: weights, calibration and cut-off, all from rows that no part of it learned from."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from belowline.engine.models.cascade import ABUSIVE, KINDS, MOST_WINDOWS, Parameters, Part
from belowline.engine.models.encoder import Encoder
from belowline.engine.models.first_stage import FirstStage
from belowline.engine.models.hashed import HashedModel
from belowline.engine.signals.abuse import marked_passages
from belowline.lab.datasets import LABELS
from belowline.lab.encoder_rows import Corpus
from belowline.lab.matrix import Vector
from belowline.lab.metrics import auroc

MAJORITY = 0.5
MEAN_LOSS, MOST_LOSS = 0.0005, 0.002
"""The cut-off costs the sources no more area under the curve than this, on the mean and on the worst label and source.
A source has a few hundred rows kept apart, so that one row moves its area by more than .001; what may be lost on the
test files is .002, and .0025 here was once too much for that."""
TRUSTED = 0.5
"""Sources whose answers weigh less than this in training have no say about the cut-off."""
LOWEST, STEP = -8.0, 0.0625
"""The cut-off is sought from 0 down to the lowest in such steps of logits."""
ENOUGH = 100
"""Sources with fewer rows of either answer do not decide about the cut-off."""
NEVER = -1e9
"""A cut-off below all log odds; infinity is no number in JSON."""
ORDINARY = ("wikiconv_cat", "room_for_debate")
"""The sources that have about the natural rate of abuse."""
SHARES = (0.0, 0.15, 0.3, 0.5)
"""How much words and letters may count beside the encoder."""
FEW = 12
"""Sources with fewer rows of either answer do not decide about the share of words and letters."""
BINS = 30
EDGE = 0.002
"""Bins without a positive or a negative row count as this share."""
FAR, TAIL = 40.0, 0.7
"""The curve goes on to log odds of FAR at the slope TAIL."""
STEEPEST = 1e-3
"""Least rise between two corners, so that a curve never makes two different scores equal."""

Shares = NDArray[np.float32]


class Readings(NamedTuple):
    """What all parts say about rows."""

    first: Vector
    """Logits of the first stage, of the window where they are highest, shape (rows, labels)."""
    joined: list[tuple[Vector, Vector]]
    """Per row: logits of the encoder, and log odds by words and letters, both by window, shape (windows, labels)."""
    targets: Shares
    weights: Shares
    """Shape (rows, labels); 0 where the label is unknown or the source does not speak about it."""
    source: NDArray[np.str_]
    counts: Vector
    """How much a row counts for the curves: the fillings of one sentence of ours count together as one row."""


def read_rows(
    corpus: Corpus, places: Sequence[int], first: FirstStage, encoder: Encoder, words: HashedModel
) -> Readings:
    """Let all parts read the rows at `places`."""
    guessed, joined = [], []
    for place in places:
        text = corpus.texts[place]
        windows = encoder.windows(text)[:MOST_WINDOWS]
        passages = [text] if len(windows) == 1 else [text[one.passage] for one in windows]
        by_words = np.array([words.read(passage) for passage in passages])
        guessed.append(first.read(windows).max(axis=0))
        joined.append((np.array([found.logits for found in encoder.read(windows)]), by_words))
    chosen = list(places)
    source = np.array([corpus.rows[place].source for place in places])
    counts = np.array([float(corpus.rows[place].extra.get("share", 1.0)) for place in places])
    return Readings(np.array(guessed), joined, corpus.targets[chosen], corpus.weights[chosen], source, counts)


def fit(readings: Readings, *, mark_from: float) -> Parameters:
    """Fit all labels; the cut-off settles as many ordinary comments as the losses allow."""
    parts = {}
    log_odds = np.zeros((len(readings.first), len(LABELS)))
    for column, label in enumerate(LABELS):
        share = fit_share(readings, column)
        log_odds[:, column] = joined_log_odds(readings, column, share)
        known = readings.weights[:, column] > 0
        targets = readings.targets[known, column].astype(np.float64)
        before, after = fit_curve(log_odds[known, column], targets, readings.counts[known])
        parts[label] = Part(
            encoder={label: 1.0},
            words=share,
            shift=0.0,
            settled_slope=STEEPEST,
            settled_shift=0.0,
            before=before,
            after=after,
        )
    settled_below = fit_cut_off(readings, log_odds)
    settled = settled_rows(readings.first, settled_below)
    for column, label in enumerate(LABELS):
        slope, shift = settled_line(readings.first[settled, column], log_odds[settled, column])
        parts[label] = msgspec.structs.replace(parts[label], settled_slope=slope, settled_shift=shift)
    return Parameters(parts=parts, mark_from=mark_from, settled_below=settled_below)


def fit_share(readings: Readings, column: int) -> float:
    """Return how much words and letters count beside the encoder's logit of the label: one of SHARES.

    It is the one with the greatest area under the curve, on the mean of the sources that speak about the label; the
    smallest of equals. Likelihood would ask which fits the mixture of sources best: it gave words and letters nothing
    for toxicity, and lost .4 points of area on Wikipedia talk.
    """
    judging = []
    for source in np.unique(readings.source):
        here = (readings.source == source) & (readings.weights[:, column] > 0)
        truth = readings.targets[here, column] >= MAJORITY
        if min(truth.sum(), (~truth).sum()) >= FEW:
            judging.append((here, truth))
    areas = []
    for share in SHARES:
        found = joined_log_odds(readings, column, share)
        areas.append(float(np.mean([auroc(truth, found[here]) for here, truth in judging])) if judging else 0.0)
    return SHARES[int(np.argmax(areas))]


def joined_log_odds(readings: Readings, column: int, share: float) -> Vector:
    """Return the joined log odds of a label for each row, of the window where they are highest."""
    return np.array([(found[:, column] + by_words[:, column] * share).max() for found, by_words in readings.joined])


def fit_curve(log_odds: Vector, target: Vector, counts: Vector) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the corners of a rising curve from log odds to calibrated log odds; rows count as much as `counts` says.

    Rows are put into BINS of like size by rank, narrower towards the top, where the decisions fall; shares of bins are
    made to rise by centred isotonic regression (Oron and Flournoy 2017, Statistics in Biopharmaceutical Research 9):
    bins that isotonic regression gives one share are one corner at their mean, so that a curve has no flat stretch.
    """
    order = np.argsort(log_odds, kind="stable")
    below = np.cumsum(counts[order])
    edges = np.unique(np.searchsorted(below, below[-1] * (1 - np.linspace(1, 0, BINS + 1) ** 1.5), side="right"))
    pieces = [order[start:end] for start, end in pairwise(edges)]
    x = np.array([np.average(log_odds[piece], weights=counts[piece]) for piece in pieces])
    share = np.array([np.average(target[piece], weights=counts[piece]) for piece in pieces])
    size = np.array([counts[piece].sum() for piece in pieces])
    share = IsotonicRegression(y_min=EDGE, y_max=1 - EDGE).fit_transform(x, share, sample_weight=size)
    levels = np.unique(share)
    x = np.array([np.average(x[share == level], weights=size[share == level]) for level in levels])
    y = np.log(levels / (1 - levels))
    corners: list[tuple[float, float]] = []
    for one, other in zip(x.tolist(), y.tolist(), strict=True):
        if corners and one - corners[-1][0] < STEEPEST:
            continue
        corners.append((one, max(other, corners[-1][1] + STEEPEST * (one - corners[-1][0])) if corners else other))
    first, last = corners[0], corners[-1]
    corners.insert(0, (first[0] - FAR, first[1] - TAIL * FAR))
    corners.append((last[0] + FAR, last[1] + TAIL * FAR))
    before, after = zip(*corners, strict=True)
    return before, after


def fit_cut_off(readings: Readings, log_odds: Vector) -> float:
    """Return the highest cut-off within MEAN_LOSS and MOST_LOSS; NEVER where none is, or no row is ORDINARY."""
    if not np.isin(readings.source, ORDINARY).any():
        return NEVER
    for settled_below in np.arange(0.0, LOWEST, -STEP).tolist():
        settled = settled_rows(readings.first, settled_below)
        if settled.sum() >= ENOUGH:
            lost = losses(readings, log_odds, settled)
            if lost and np.mean(lost) <= MEAN_LOSS and max(lost) <= MOST_LOSS:
                return float(settled_below)
    return NEVER


def settled_rows(first: Vector, settled_below: float) -> NDArray[np.bool_]:
    """Say which rows, given logits of the first stage (rows, labels), it would settle."""
    return np.asarray(first[:, :ABUSIVE].max(axis=1) < settled_below, dtype=np.bool_)


def settled_line(first: Vector, log_odds: Vector) -> tuple[float, float]:
    """Return slope and shift from the first stage's logits to the joined log odds, among rows that it settles."""
    if len(first) < ENOUGH or np.ptp(first) < STEEPEST:
        return STEEPEST, float(log_odds.mean()) if len(log_odds) else 0.0
    slope, shift = np.polyfit(first, log_odds, 1)
    return (float(slope), float(shift)) if slope > STEEPEST else (STEEPEST, float(log_odds.mean()))


def losses(readings: Readings, log_odds: Vector, settled: NDArray[np.bool_]) -> list[float]:
    """Return what every abusive label loses on every TRUSTED source in area under the curve, each in [-1, 1]."""
    lost = []
    for column in range(ABUSIVE):
        slope, shift = settled_line(readings.first[settled, column], log_odds[settled, column])
        after = np.where(settled, readings.first[:, column] * slope + shift, log_odds[:, column])
        for source in np.unique(readings.source):
            here = (readings.source == source) & (readings.weights[:, column] >= TRUSTED)
            truth = readings.targets[here, column] >= MAJORITY
            if min(truth.sum(), (~truth).sum()) >= ENOUGH:
                lost.append(auroc(truth, log_odds[here, column]) - auroc(truth, after[here]))
    return lost


def fit_marks(corpus: Corpus, places: Sequence[int], encoder: Encoder) -> tuple[float, float]:
    """Return the likelihood from which tokens are marked, and the mean character F1 on the given rows.

    The measure of SemEval-2021 task 5 (Pavlopoulos et al. 2021): what more than half of the raters marked is to be
    found; where that is nothing, a text counts 1 when nothing is found.
    """
    read = []
    for place in places:
        text = corpus.texts[place]
        windows = encoder.windows(text)[:4]
        gold = corpus.marks[place][:, 0] > MAJORITY
        read.append((text, windows, encoder.read(windows), gold))
    best = (0.0, 0.0)
    for threshold in np.arange(0.1, 0.75, 0.05).tolist():
        scores = []
        for text, windows, encoded, gold in read:
            found = np.zeros(len(text), dtype=bool)
            for window, one in zip(windows, encoded, strict=True):
                for start, end, _ in marked_passages(window, one.marks[:, KINDS.index("any")], text, threshold):
                    found[start:end] = True
            scores.append(character_f1(gold, found))
        best = max(best, (float(np.mean(scores)), threshold))
    return best[1], best[0]


def character_f1(gold: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    """Return F1 over characters; 1 where neither has any, 0 where only one has."""
    if not gold.any() or not found.any():
        return float(gold.any() == found.any())
    return float(2 * (gold & found).sum() / (gold.sum() + found.sum()))
