"""Measure a signal on labelled files: `python -m belowline.lab.evaluate abuse FILE... [--json]`.

A row counts as positive for a label when at least half of its raters said so; rows without the label are left
out.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from belowline.engine.signals.abuse import AbuseSignal
from belowline.lab.datasets import LABELS, Row, label_matrix, read_rows
from belowline.lab.distinct import score_texts
from belowline.lab.metrics import (
    AtThreshold,
    Estimate,
    auroc,
    average_precision,
    estimate,
    threshold_table,
)

MAJORITY = 0.5


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How well one score tells one label on one file."""

    file: str
    label: str
    rows: int
    positive: float
    """Share of the rows."""
    auroc: Estimate
    average_precision: Estimate
    thresholds: list[AtThreshold]


def score_rows(signal: AbuseSignal, rows: Sequence[Row]) -> dict[str, NDArray[np.float64]]:
    """Return each score of every row, read as English; shape (rows,) per label. Raises as `score_texts` does."""
    scores = score_texts(signal, [row.text for row in rows])
    return {label: np.array([scores[row.text][label] for row in rows]) for label in signal.scores}


def evaluate_rows(
    file: str,
    rows: Sequence[Row],
    scores: Mapping[str, NDArray[np.float64]],
    *,
    resamples: int = 200,
) -> list[Result]:
    """Return a result for every label that the rows carry with both answers."""
    targets, known = label_matrix(rows)
    results = []
    for column, label in enumerate(LABELS):
        here = known[:, column]
        truth = targets[here, column] >= MAJORITY
        if label in scores and truth.any() and not truth.all():
            results.append(_result(file, label, truth, scores[label][here], resamples))
    return results


def _result(file: str, label: str, truth: NDArray[np.bool_], scores: NDArray[np.float64], resamples: int) -> Result:
    return Result(
        file=file,
        label=label,
        rows=len(truth),
        positive=float(truth.mean()),
        auroc=estimate(auroc, truth, scores, resamples=resamples),
        average_precision=estimate(average_precision, truth, scores, resamples=resamples),
        thresholds=threshold_table(truth, scores),
    )


def abuse(arguments: argparse.Namespace) -> list[Result]:
    """Measure the abuse signal on the given files; raises ModelError or OSError for what cannot be read."""
    signal = AbuseSignal.load(arguments.model, version=None)
    results: list[Result] = []
    for path in arguments.files:
        rows = read_rows(path)
        results += evaluate_rows(
            path.name.partition(".")[0], rows, score_rows(signal, rows), resamples=arguments.resamples
        )
    return results


def show(results: Sequence[Result], console: Console) -> None:
    """Print a table of figures, and one of what each threshold would do."""
    figures = Table("file", "label", "rows", "positive", "AUROC (95 %)", "average precision (95 %)")
    acts = Table("file", "label", "from", "flagged", "precision", "recall", "false alarms")
    for result in results:
        figures.add_row(
            result.file,
            result.label,
            str(result.rows),
            f"{result.positive:.3f}",
            _interval(result.auroc),
            _interval(result.average_precision),
        )
        for line in result.thresholds:
            shares = (line.flagged, line.precision, line.recall, line.false_alarms)
            acts.add_row(result.file, result.label, f"{line.threshold:.1f}", *(f"{share:.3f}" for share in shares))
    console.print(figures)
    console.print(acts)


def _interval(figure: Estimate) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})"


SIGNALS: dict[str, Callable[[argparse.Namespace], list[Result]]] = {"abuse": abuse}
"""What can be measured: the name on the command line, and the function that does it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.evaluate", description=__doc__)
    parser.add_argument("signal", choices=sorted(SIGNALS))
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=".jsonl.gz files of labelled rows")
    parser.add_argument("--model", type=Path, help="the folder of another model than the shipped one")
    parser.add_argument("--resamples", type=int, default=200, help="bootstrap resamples for the intervals")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(arguments)
    results = SIGNALS[given.signal](given)
    if given.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(results), indent=2).decode() + "\n")
    else:
        show(results, Console())


if __name__ == "__main__":
    main()
