"""Comments of the public data sets with everything that the engine measures, scored once and kept in a folder."""

import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from belowline.engine.judge import Engine
from belowline.engine.policy import SCORE_NAMES
from belowline.engine.submission import MAX_TEXT_CHARACTERS, Submission
from belowline.lab.datasets import folds, read_rows, read_source
from belowline.lab.encoder_rows import HELD_OUT

NAMES = SCORE_NAMES[:-1]
"""All scores but `newsroom_refusal`."""
KEPT_APART = {"wikiconv_kept": "wikiconv_cat", "civil_kept": "civil_spans"}
"""Rows of training sources that neither stage of the abuse model has learned from."""


class Scored(NamedTuple):
    """A set of comments; every array has a row for each comment that is in English."""

    rows: list
    scores: np.ndarray
    """Shape (comments, NAMES); NaN: unchecked."""
    traits: np.ndarray
    """What a newsroom's head reads, shape (comments, traits)."""

    def past_scores(self, place):
        """Return the scores of a comment as a history has them."""
        return {name: None if np.isnan(value) else value for name, value in zip(NAMES, self.scores[place], strict=True)}

    def label(self, *names):
        """Return for each comment the highest of some labels; 0 where the source says nothing of them."""
        return np.array([max(row.labels.get(name, 0.0) for name in names) for row in self.rows])


def read_set(data, name):
    """Return the rows of a test file, or those of a training file that were kept apart."""
    if name not in KEPT_APART:
        return read_rows(data / f"test/abuse/{name}.jsonl.gz", source=name)
    rows = read_source(data, KEPT_APART[name])
    return [row for row, fold in zip(rows, folds(rows, HELD_OUT), strict=True) if fold == 0]


def load_set(data, name, cache, engine=None):
    """Return a set with its scores; what was scored before lies in the folder `cache`."""
    rows = [row for row in read_set(data, name) if row.text.strip() and len(row.text) <= MAX_TEXT_CHARACTERS]
    engine = engine or Engine.load()
    file = cache / f"{name}-{engine.abuse.version}-{engine.abuse.traits_width}.npz"
    if not file.exists():
        begun = time.perf_counter()
        scores, traits = score_rows(engine, rows)
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(file, scores=scores, traits=traits)
        print(f"{name}: {len(rows):,} comments in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    kept = np.load(file)
    known = np.isfinite(kept["traits"]).all(axis=1)
    chosen = [row for row, is_known in zip(rows, known, strict=True) if is_known]
    return Scored(chosen, kept["scores"][known], kept["traits"][known])


def score_rows(engine, rows):
    """Return scores and traits of all rows; NaN where the engine does not know."""
    scores = np.full((len(rows), len(NAMES)), np.nan)
    traits = np.full((len(rows), engine.abuse.traits_width), np.nan, dtype=np.float32)
    for place, row in enumerate(rows):
        prepared = engine.prepare(Submission(text=row.text))
        found, _ = engine.score_prepared(prepared)
        scores[place] = [np.nan if found[name].value is None else round(found[name].value, 6) for name in NAMES]
        if (read := engine.abuse.traits(prepared)) is not None:
            traits[place] = read
    return scores, traits


def default_cache():
    """Return the folder for scores where none is named: below the user's cache, outside the repository."""
    return Path.home() / ".cache" / "belowline-bench"
