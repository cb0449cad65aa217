"""How far the scores are from the shares of raters that they promise, label by label."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from belowline import __version__
from belowline.lab.audit_files import read_labelled
from belowline.lab.datasets import Row
from belowline.lab.distinct import Scorer, Watch, column, score_texts
from belowline.lab.metrics import Bin, expected_calibration_error, reliability


class LabelReliability(msgspec.Struct, frozen=True, kw_only=True):
    """One label on one file."""

    label: str
    rows: int
    """Those that carry the label."""
    target: float
    """Mean share of raters, in [0, 1]."""
    score: float
    """Mean score, in [0, 1]."""
    ece: float
    """Expected calibration error, in [0, 1]."""
    bins: list[Bin]


class FileReliability(msgspec.Struct, frozen=True, kw_only=True):
    """One file."""

    file: str
    rows: int
    labels: list[LabelReliability]


class ReliabilityReport(msgspec.Struct, frozen=True, kw_only=True):
    """All that was found."""

    belowline: str
    model: str
    """Its name with its version."""
    bins: int
    files: list[FileReliability]


def measure_files(signal: Scorer, paths: Sequence[Path], bins: int = 15, watch: Watch = iter) -> ReliabilityReport:
    """Return the reliability of every label that the files carry and the model gives, in `bins` equal stretches.

    Raises:
        FileError: a file cannot be used. UnscoredError: the model leaves a text out.
    """
    files = [(path, read_labelled(path)) for path in paths]
    scores = score_texts(signal, [row.text for _, rows in files for row in rows], watch)
    found = []
    for path, rows in files:
        labels = [
            of_label(name, rows, scores, bins) for name in signal.scores if any(name in row.labels for row in rows)
        ]
        found.append(FileReliability(file=path.name, rows=len(rows), labels=labels))
    return ReliabilityReport(belowline=__version__, model=signal.version, bins=bins, files=found)


def of_label(name: str, rows: Sequence[Row], scores: dict[str, dict[str, float]], bins: int = 15) -> LabelReliability:
    """Return the reliability of one label on the rows that carry it; `scores` are by text and label, in [0, 1]."""
    known = [row for row in rows if name in row.labels]
    target = np.array([row.labels[name] for row in known])
    score = column(scores, (row.text for row in known), name)
    return LabelReliability(
        label=name,
        rows=len(known),
        target=float(target.mean()),
        score=float(score.mean()),
        ece=expected_calibration_error(target, score, bins),
        bins=reliability(target, score, bins),
    )
