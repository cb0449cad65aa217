"""Fit the map from our abuse scores to the scale of the Perspective API: `python -m belowline.lab.fit_alignment`.

python -m belowline.lab.fit_alignment --data DIR --out DIR   # fits, and writes the bundle
python -m belowline.lab.fit_alignment --data DIR --evaluate  # prints the figures only, held out by ten folds

Equipercentile equating (Kolen and Brennan 2014, Test Equating, Scaling, and Linking): a score becomes the score that
as many comments reached there. So as many comments stay above an old threshold as before. A regression would shrink to
the mean wherever the two scores agree badly, and almost nothing would reach .9 any more.
Nothing is trained to imitate: the map cannot change which of two comments scores higher.
"""

import argparse
import csv
import html
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.stats import spearmanr

from belowline.engine.models.alignment import BUNDLE, VERSION, Knots
from belowline.engine.models.bundle import FORMAT, MANIFEST, Manifest
from belowline.engine.signals.abuse import AbuseSignal
from belowline.lab.datasets import LABELS, Row, folds, read_source
from belowline.lab.evaluate import score_rows
from belowline.lab.metrics import Estimate
from belowline.lab.recipe import all_sources

ATTRIBUTES = {
    "toxicity": "TOXICITY@6",
    "severe_toxicity": "SEVERE_TOXICITY@2",
    "insult": "INSULT",
    "profanity": "PROFANITY",
    "threat": "THREAT",
    "identity_attack": "IDENTITY_ATTACK",
    "sexually_explicit": "SEXUALLY_EXPLICIT",
    "spam": "SPAM",
}
"""Our score → the column of the file, with the version of their model where it holds two."""
FILE = "alignment/perspective_wikipedia_2k.csv"
SET = "alignment"
TALK = "wikiconv_cat"
"""Wikipedia talk pages at their natural rate of abuse, with Perspective's toxicity alone."""
TALK_KEY = "perspective_toxicity"
POPULATIONS = (SET, TALK)
COLOURS = frozenset({"green", "amber"})

LEVELS = (0.01, 0.02, 0.03, *(number / 20 for number in range(1, 20)), 0.97, 0.98)
"""Perspective's scores at which a curve may have a knot: all thresholds that people set, and the ends closer."""
FEWEST = 5
"""A knot needs so many rows at or above it, and so many below: a curve follows no single comment."""
DECIMALS = 6
WIDTH = 150
FOLDS = 10
THRESHOLDS = (0.5, 0.7, 0.8, 0.9)
AGREEMENT_AT = 0.8

Numbers = NDArray[np.float64]
_BETWEEN = re.compile(r"[\W_]+")


class Sample(NamedTuple):
    """Comments with both scores of one attribute, shape (rows,) each."""

    ours: Numbers
    theirs: Numbers
    fold: NDArray[np.int64]
    population: NDArray[np.str_]

    def take(self, here: NDArray[np.bool_]) -> "Sample":
        """Return some of the rows."""
        return Sample(self.ours[here], self.theirs[here], self.fold[here], self.population[here])


class AtThreshold(msgspec.Struct, frozen=True):
    """Share of the comments that reach a threshold: by Perspective, by ours as it is, by ours aligned."""

    threshold: float
    theirs: float
    plain: float
    aligned: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How near one of our scores comes to theirs in one population, before and after the map (held out)."""

    label: str
    population: str
    rows: int
    rank: Estimate
    """Spearman's; no map can change it."""
    absolute: tuple[float, float]
    """Mean absolute error before, after."""
    squared: tuple[float, float]
    """Root mean squared error before, after."""
    shares: list[AtThreshold]
    kappa: tuple[float, float]
    """Cohen's, before and after: do both reach AGREEMENT_AT?"""


def plain_form(text: str) -> str:
    """Return a text without the differences between copies: entities, compatibility forms, case, punctuation."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", html.unescape(text)).lower()).strip()


def read_alignment(path: Path) -> list[Row]:
    """Read the comments of the alignment set, with Perspective's scores in `extra`; raises OSError, KeyError."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                id=line["id"],
                text=line["comment_text"],
                labels={},
                source=SET,
                extra={label: float(line[column]) for label, column in ATTRIBUTES.items()},
            )
            for line in csv.DictReader(file)
        ]


def read_unseen(data: Path) -> list[Row]:
    """Return the comments of the alignment set that the abuse model did not learn from."""
    seen = {plain_form(row.text) for name in all_sources(COLOURS) for row in read_source(data, name)}
    return [row for row in read_alignment(data / FILE) if plain_form(row.text) not in seen]


def read_talk(data: Path) -> list[Row]:
    """Return the comments of talk pages that Perspective scored, with the score in `extra` as in the alignment set."""
    rows = [row for row in read_source(data, TALK) if row.extra.get(TALK_KEY) is not None]
    for row in rows:
        row.extra["toxicity"] = float(row.extra[TALK_KEY])
    return rows


def samples(signal: AbuseSignal, rows: Sequence[Row], seed: int) -> dict[str, Sample]:
    """Score the rows, and return a sample of each label that any of them has on the other scale."""
    scores, fold = score_rows(signal, rows), folds(rows, FOLDS, seed=seed)
    population = np.array([row.source for row in rows])
    found = {}
    for label in LABELS:
        here = np.array([label in row.extra for row in rows], dtype=bool)
        theirs = np.array([row.extra[label] for row in rows if label in row.extra], dtype=np.float64)
        if here.any():
            found[label] = Sample(scores[label][here], theirs, fold[here], population[here])
    return found


def share_above(values: Numbers, level: float) -> float:
    """Return the share of values above a level; those that are equal to it, as rounded scores often are, count half."""
    return float(((values > level).mean() + (values >= level).mean()) / 2)


def equate(ours: Numbers, theirs: Numbers) -> Knots:
    """Return the curve that gives ours the distribution of theirs: knots where both have the same share above."""
    first, second = [0.0], [0.0]
    for level in LEVELS:
        score = round(float(np.quantile(ours, 1 - share_above(theirs, level), method="hazen")), DECIMALS)
        enough = min((theirs >= level).sum(), (theirs < level).sum()) >= FEWEST
        if enough and first[-1] < score < 1:
            first.append(score)
            second.append(level)
    return Knots(ours=(*first, 1.0), theirs=(*second, 1.0))


def align(knots: Knots, ours: Numbers) -> Numbers:
    """Return scores on the other scale, as `Alignment.align` does for one."""
    aligned: Numbers = np.interp(ours, knots.ours, knots.theirs)
    return aligned


def align_held_out(sample: Sample, fitted_on: Sequence[str] = POPULATIONS) -> Numbers:
    """Return each row's aligned score by the curve of the other folds, fitted on the rows of these populations."""
    aligned = np.zeros(len(sample.ours))
    teaches = np.isin(sample.population, fitted_on)
    for number in np.unique(sample.fold):
        here = sample.fold == number
        others = sample.take(teaches & ~here)
        aligned[here] = align(equate(others.ours, others.theirs), sample.ours[here])
    return aligned


def rank_correlation(ours: Numbers, theirs: Numbers, *, resamples: int, seed: int) -> Estimate:
    """Return Spearman's rank correlation with its bootstrap percentile interval; 0 where one side is constant."""
    draw = np.random.default_rng(seed)
    drawn = (draw.integers(0, len(ours), len(ours)) for _ in range(resamples))
    found = [_spearman(ours[rows], theirs[rows]) for rows in drawn]
    value = _spearman(ours, theirs)
    low, high = np.quantile(found, [0.025, 0.975]) if found else (value, value)
    return Estimate(value, float(low), float(high))


def _spearman(ours: Numbers, theirs: Numbers) -> float:
    return float(spearmanr(ours, theirs).statistic) if np.ptp(ours) and np.ptp(theirs) else 0.0


def cohens_kappa(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Return how far two answers agree beyond chance (Cohen 1960): 1 always, 0 as by chance."""
    agreed = float((first == second).mean())
    yes, other = float(first.mean()), float(second.mean())
    chance = yes * other + (1 - yes) * (1 - other)
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0


def measure(label: str, sample: Sample, aligned: Numbers, *, resamples: int, seed: int) -> Figures:
    """Return the figures of one label; all rows of the sample are of one population."""
    ours, theirs = sample.ours, sample.theirs
    return Figures(
        label=label,
        population=str(sample.population[0]),
        rows=len(ours),
        rank=rank_correlation(ours, theirs, resamples=resamples, seed=seed),
        absolute=(float(np.abs(ours - theirs).mean()), float(np.abs(aligned - theirs).mean())),
        squared=(float(((ours - theirs) ** 2).mean() ** 0.5), float(((aligned - theirs) ** 2).mean() ** 0.5)),
        shares=[
            AtThreshold(at, *(float((scores >= at).mean()) for scores in (theirs, ours, aligned))) for at in THRESHOLDS
        ],
        kappa=(
            cohens_kappa(theirs >= AGREEMENT_AT, ours >= AGREEMENT_AT),
            cohens_kappa(theirs >= AGREEMENT_AT, aligned >= AGREEMENT_AT),
        ),
    )


def evaluate(
    found: Mapping[str, Sample], *, fitted_on: Sequence[str] = POPULATIONS, resamples: int = 1000, seed: int = 0
) -> Iterator[Figures]:
    """Yield the held-out figures of each label in each population; `fitted_on` narrows what toxicity learns from."""
    for label, sample in found.items():
        aligned = align_held_out(sample, fitted_on if label == "toxicity" else POPULATIONS)
        for population in POPULATIONS:
            here = sample.population == population
            if here.any():
                yield measure(label, sample.take(here), aligned[here], resamples=resamples, seed=seed)


def show(results: Sequence[Figures], console: Console) -> None:
    """Print one table of errors and one of the shares above each threshold."""
    errors = Table(
        "score", "population", "rows", "Spearman (95 %)", "MAE", "aligned", "RMSE", "aligned", "kappa at .8", "aligned"
    )
    shares = Table("score", "population", *(f"from {at}: theirs / plain / aligned, %" for at in THRESHOLDS))
    for one in results:
        rank = f"{one.rank.value:.3f} ({one.rank.low:.3f}-{one.rank.high:.3f})"
        figures = (f"{figure:.3f}" for pair in (one.absolute, one.squared, one.kappa) for figure in pair)
        errors.add_row(one.label, one.population, str(one.rows), rank, *figures)
        reached = (" / ".join(f"{100 * share:.1f}" for share in (at.theirs, at.plain, at.aligned)) for at in one.shares)
        shares.add_row(one.label, one.population, *reached)
    console.print(errors)
    console.print(shares)


def write_alignment(folder: Path, curves: Mapping[str, Knots], model: str) -> Manifest:
    """Write the bundle into a folder (made if absent); same curves, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(
        format=FORMAT,
        name=BUNDLE,
        version=VERSION,
        labels=tuple(curves),
        parameters={"model": model, "knots": curves},
        files={},
    )
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return manifest


def console() -> Console:
    """Return a console that cuts no figures off where nobody watches."""
    return Console(width=None if sys.stdout.isatty() else WIDTH)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with train/ and alignment/")
    parser.add_argument(
        "--out", type=Path, default=Path("src/belowline/weights/perspective"), help="the bundle's folder"
    )
    parser.add_argument("--model", type=Path, help="the folder of another abuse model than the shipped one")
    parser.add_argument("--evaluate", action="store_true", help="print the figures, and write nothing")
    parser.add_argument("--only", choices=POPULATIONS, help="with --evaluate: fit toxicity on this population alone")
    parser.add_argument("--resamples", type=int, default=1000, help="bootstrap resamples for the intervals")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    if given.only and not given.evaluate:
        parser.error("--only goes with --evaluate: the shipped map is fitted on both")
    signal = AbuseSignal.load(given.model)
    found = samples(signal, [*read_unseen(given.data), *read_talk(given.data)], given.seed)
    if given.evaluate:
        fitted_on = (given.only,) if given.only else POPULATIONS
        show([*evaluate(found, fitted_on=fitted_on, resamples=given.resamples, seed=given.seed)], console())
    else:
        curves = {label: equate(sample.ours, sample.theirs) for label, sample in found.items()}
        manifest = write_alignment(given.out, curves, signal.version)
        print(f"{manifest.name} {manifest.version} for {signal.version} in {given.out}: {', '.join(curves)}")


if __name__ == "__main__":
    main()
