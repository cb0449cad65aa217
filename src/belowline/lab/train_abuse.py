"""Train the abuse model: `python -m belowline.lab.train_abuse --data DIR [--only green] [--out DIR]`.

Same data, same seed: the same bytes.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.models.bundle import Manifest, write_bundle
from belowline.engine.models.hashed import HashedModel, Hasher
from belowline.lab.datasets import LABELS, Row, folds, label_matrix, read_source, read_terms
from belowline.lab.heads import Head, Line, Settings, fit_head, fit_line
from belowline.lab.matrix import Matrix, Vector, cut_passages, presence, read_text, scaled
from belowline.lab.recipe import (
    ABUSIVE,
    DOUBT,
    DOUBTFUL_BELOW,
    ORDINARY,
    PASSAGE_WEIGHTS,
    PREVALENCE,
    all_sources,
    sources,
)
from belowline.lab.sentences import own_rows
from belowline.lab.weak_labels import SexualTerms, assume_no_spam, imply_severe, imply_zeros

NAME = "abuse"
VERSION = "abuse-linear-1"
EVERY_COLOUR = frozenset({"green", "amber"})
SPAM_SOURCES = frozenset({"youtube_spam", "sms_spam"})
LEVELS = 2_047
"""Weights are kept as whole numbers in [-2047, 2047]; the largest of a label becomes 2047."""


class Corpus(NamedTuple):
    """Rows, and their features hashed once for all labels."""

    rows: list[Row]
    found: Matrix
    levelled: Matrix
    targets: NDArray[np.float32]
    known: NDArray[np.bool_]
    fold: NDArray[np.int64]
    hasher: Hasher


class Part(NamedTuple):
    """The rows that teach one label: their places in the corpus, targets in [0, 1] and weights."""

    place: NDArray[np.int64]
    target: Vector
    weight: Vector


def read_rows_of(data: Path, colours: frozenset[str], *, seed: int = 0) -> list[Row]:
    """Read every source of these colours, add our own sentences, and derive the weak labels."""
    rows = [row for name in all_sources(colours) for row in read_source(data, name)]
    rows += own_rows(seed=seed)
    sexual = SexualTerms([*read_terms(data, "surge"), *read_terms(data, "dsojevic")])
    for row in rows:
        derive_labels(row, sexual)
    return rows


def derive_labels(row: Row, sexual: SexualTerms) -> None:
    """Add the weak labels to one row; see `belowline.lab.weak_labels`."""
    imply_zeros(row)
    imply_severe(row)
    if row.source not in SPAM_SOURCES and row.source != "own":
        assume_no_spam(row)
        sexual.label(row)


def build_corpus(rows: list[Row], hasher: Hasher, settings: Settings, *, number: int, seed: int) -> Corpus:
    """Hash all rows and deal them into `number` folds by group."""
    rows = [*rows, *(passage for row in rows for passage in passages_of(row))]
    found = presence([row.text for row in rows], hasher)
    targets, known = label_matrix(rows)
    return Corpus(
        rows,
        found,
        scaled(found, hasher, settings.power),
        targets,
        known,
        folds(rows, number, seed=seed),
        hasher,
    )


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
    return PASSAGE_WEIGHTS[row.source] if "passage" in row.extra else 1.0


def fit_part(corpus: Corpus, part: Part, chosen: NDArray[np.bool_], settings: Settings) -> Head:
    """Fit a head to the chosen rows of a part."""
    place = part.place[chosen]
    return fit_head(corpus.found[place], corpus.levelled[place], part.target[chosen], part.weight[chosen], settings)


def held_out_log_odds(corpus: Corpus, part: Part, label: str, settings: Settings, wanted: NDArray[np.bool_]) -> Vector:
    """Return for each row of a part the log odds by a head that was fitted to the other folds.

    They are those of the finished scoring, passages included; rows that are not `wanted` stay 0.
    """
    fold = corpus.fold[part.place]
    log_odds = np.zeros(len(part.place))
    for number in np.unique(fold):
        head = fit_part(corpus, part, fold != number, settings)
        model = quantised((label,), [head], [Line(1.0, 0.0)], corpus.hasher, settings)
        for here in np.flatnonzero((fold == number) & wanted):
            text = read_text(corpus.rows[part.place[here]].text)
            log_odds[here] = model.log_odds(corpus.hasher.features(text))[0]
    return log_odds


def calibration_weights(corpus: Corpus, part: Part, label: str) -> tuple[Vector, Vector]:
    """Return truth (0 or 1) and weight of each row, so that the rows stand for ordinary news comments.

    Positives of the abusive sources weigh as much as the label's prevalence, negatives of the ordinary
    sources the rest, each source its share; all others, and targets of exactly one half, weigh nothing.
    """
    names = np.array(["" if "passage" in row.extra else row.source for row in map(corpus.rows.__getitem__, part.place)])
    truth = (part.target > 0.5).astype(np.float64)  # noqa: PLR2004 - most raters
    abusive = (truth == 1) & np.isin(names, ABUSIVE)
    weight = (abusive if abusive.any() else (truth == 1) & (names == "own")).astype(np.float64)
    weight *= PREVALENCE[label] / max(weight.sum(), 1.0)
    ordinary = {name: share for name, share in ORDINARY.items() if name in set(names)}
    for name, share in ordinary.items():
        here = (names == name) & (part.target < 0.5)  # noqa: PLR2004 - as above
        weight[here] = (1 - PREVALENCE[label]) * share / sum(ordinary.values()) / max(here.sum(), 1)
    return truth, weight


def calibrate(corpus: Corpus, part: Part, label: str, settings: Settings) -> Line:
    """Return the line from held-out log odds to those at the prevalence of ordinary comments."""
    truth, weight = calibration_weights(corpus, part, label)
    used = weight > 0
    log_odds = held_out_log_odds(corpus, part, label, settings, used)
    return fit_line(log_odds[used], truth[used], weight[used])


def quantised(
    labels: Sequence[str], heads: Sequence[Head], lines: Sequence[Line], hasher: Hasher, settings: Settings
) -> HashedModel:
    """Return the model with whole-number weights; the calibration goes into scale and bias."""
    weights = np.stack([head.weights for head in heads], axis=1)
    top = np.maximum(np.abs(weights).max(axis=0), np.finfo(np.float32).tiny)
    slope = np.array([line.slope for line in lines])
    shift = np.array([line.shift for line in lines])
    return HashedModel(
        labels=tuple(labels),
        hasher=hasher,
        table=np.rint(weights / top * LEVELS).astype(np.int16),
        scale=slope * top / LEVELS,
        bias=slope * np.array([head.bias for head in heads]) + shift,
        power=settings.power,
        blend=settings.blend,
    )


def train(  # noqa: PLR0913 - a run has these parts
    rows: list[Row],
    colours: frozenset[str],
    hasher: Hasher,
    settings: Settings,
    *,
    number: int = 3,
    seed: int = 0,
) -> HashedModel:
    """Fit and calibrate every label; `number` folds serve the calibration.

    Raises:
        ValueError: a label has no positive or no negative rows.
    """
    corpus = build_corpus(rows, hasher, settings, number=number, seed=seed)
    heads, lines = [], []
    for label in LABELS:
        began = time.monotonic()
        part = part_of(corpus, label, colours)
        heads.append(fit_part(corpus, part, np.ones(len(part.place), dtype=bool), settings))
        lines.append(calibrate(corpus, part, label, settings))
        print(f"{label}: {len(part.place)} rows, {lines[-1]}, {time.monotonic() - began:.0f} s", file=sys.stderr)
    return quantised(LABELS, heads, lines, hasher, settings)


def save_model(model: HashedModel, folder: Path, **notes: object) -> Manifest:
    """Write a model as a bundle, with notes on its training."""
    return write_bundle(
        folder,
        name=NAME,
        version=VERSION,
        labels=model.labels,
        parameters={**model.parameters(), **notes},
        tensors={"table": model.table, "scale": model.scale, "bias": model.bias},
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.train_abuse", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with train/ and lexicons/")
    parser.add_argument("--only", choices=["green"], help="only sources whose licence is stated and permits it")
    parser.add_argument("--out", type=Path, default=Path("src/belowline/weights/abuse"), help="the bundle's folder")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    colours = frozenset({given.only}) if given.only else EVERY_COLOUR
    settings = Settings()
    model = train(read_rows_of(given.data, colours, seed=given.seed), colours, Hasher(), settings, seed=given.seed)
    manifest = save_model(
        model,
        given.out,
        settings=settings._asdict(),
        sources=[*all_sources(colours), "own"],
        seed=given.seed,
    )
    print(f"{manifest.name} {manifest.version} in {given.out}: {manifest.files}")


if __name__ == "__main__":
    main()
