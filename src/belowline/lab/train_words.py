"""Train the words and letters of the abuse model: a linear model over hashed n-grams.

Same rows, same seed: the same bytes. `belowline.lab.train_abuse` runs it and all the other steps.
"""

import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.models.hashed import HashedModel, Hasher
from belowline.lab.datasets import LABELS, Row, label_matrix
from belowline.lab.heads import Head, Settings, fit_head
from belowline.lab.matrix import Matrix, Vector, cut_passages, presence, scaled
from belowline.lab.recipe import DOUBT, DOUBTFUL_BELOW, PASSAGE_WEIGHTS, sources

SENTENCE = 1.5
"""What one of our sentences in `material/` counts, its fillings together."""
LEVELS = 127
"""Of weights the square roots are kept, with a sign, as whole numbers in [-127, 127]; the largest of a label becomes
127."""


class Corpus(NamedTuple):
    """Rows, and their features hashed once for all labels."""

    rows: list[Row]
    """All rows, and behind them the passages of long ordinary ones."""
    found: Matrix
    levelled: Matrix
    targets: NDArray[np.float32]
    known: NDArray[np.bool_]
    hasher: Hasher


class Part(NamedTuple):
    """The rows that teach one label: their places in the corpus, targets in [0, 1] and weights."""

    place: NDArray[np.int64]
    target: Vector
    weight: Vector


def build_corpus(rows: list[Row], hasher: Hasher, settings: Settings) -> Corpus:
    """Hash all rows, and the passages of long ordinary ones."""
    passages = [passage for row in rows for passage in passages_of(row)]
    rows = [*rows, *passages]
    found = presence([row.text for row in rows], hasher)
    targets, known = label_matrix(rows)
    return Corpus(rows, found, scaled(found, hasher, settings.power), targets, known, hasher)


def passages_of(row: Row) -> list[Row]:
    """Return the passages of a long row without abuse as rows: ordinary comments as scoring sees them."""
    if row.source not in PASSAGE_WEIGHTS or row.labels.get("toxicity") != 0.0:
        return []
    zeros = {label: value for label, value in row.labels.items() if value == 0.0}
    extra = {"passage": True, "rev_id": row.group}
    return [Row(id=row.id, text=text, labels=zeros, source=row.source, extra=extra) for text in cut_passages(row.text)]


def part_of(corpus: Corpus, label: str, colours: frozenset[str]) -> Part:
    """Return the rows that teach a label, with the recipe's weights."""
    column = LABELS.index(label)
    recipe = sources(label, colours)
    weight = np.array([recipe.get(row.source, 0.0) * _share(row) for row in corpus.rows])
    place = np.flatnonzero((weight > 0) & corpus.known[:, column])
    target = corpus.targets[place, column].astype(np.float64)
    doubtful = np.array([corpus.rows[number].source == "civil_spans" for number in place]) & (target < DOUBTFUL_BELOW)
    return Part(place, target, weight[place] * np.where(doubtful, DOUBT, 1.0))


def _share(row: Row) -> float:
    """Passages count less than whole rows, and so does each of the many fillings of one of our sentences."""
    if "share" in row.extra:
        return SENTENCE * float(row.extra["share"])
    return PASSAGE_WEIGHTS[row.source] if "passage" in row.extra else 1.0


def fit_part(corpus: Corpus, part: Part, settings: Settings) -> Head:
    """Fit a head to the rows of a part."""
    return fit_head(corpus.found[part.place], corpus.levelled[part.place], part.target, part.weight, settings)


def quantised(labels: Sequence[str], heads: Sequence[Head], hasher: Hasher, settings: Settings) -> HashedModel:
    """Return the model with whole-number weights."""
    weights = np.stack([head.weights for head in heads], axis=1)
    top = np.maximum(np.abs(weights).max(axis=0), np.finfo(np.float32).tiny)
    return HashedModel(
        labels=tuple(labels),
        hasher=hasher,
        table=(np.sign(weights) * np.rint(np.sqrt(np.abs(weights) / top) * LEVELS)).astype(np.int8),
        scale=top / LEVELS**2,
        bias=np.array([head.bias for head in heads]),
        power=settings.power,
        blend=settings.blend,
    )


def train(rows: list[Row], colours: frozenset[str], hasher: Hasher, settings: Settings) -> HashedModel:
    """Fit every label. The log odds are not calibrated.

    Raises:
        ValueError: a label has no positive or no negative rows.
    """
    corpus = build_corpus(rows, hasher, settings)
    heads = []
    for label in LABELS:
        began = time.monotonic()
        part = part_of(corpus, label, colours)
        heads.append(fit_part(corpus, part, settings))
        print(f"{label}: {len(part.place)} rows, {time.monotonic() - began:.0f} s", file=sys.stderr)
    return quantised(LABELS, heads, hasher, settings)
