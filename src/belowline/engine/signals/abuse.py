"""Abuse: eight scores out of one linear model over words and letters, and the passages behind them."""

import re
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from belowline.engine.decision import Score, Span
from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, load_bundle
from belowline.engine.models.hashed import HashedModel, fold
from belowline.engine.policy import ABUSE_SCORES
from belowline.engine.signals.base import Prepared
from belowline.engine.text.normalise import Normalised, skeleton

BUNDLE = "abuse"
VERSION = "abuse-linear-1"
LANGUAGE = "en"
EXPLAINED_FROM = 0.15
"""Scores below this have no spans: nobody acts on them."""
MOST_SPANS = 3
SPAN_WORDS_SHARE = 0.5
"""No label marks more than this share of a text's words (one word is always allowed)."""
WEAKEST_WORD = 0.25
"""A word is marked when it adds at least this share of what the strongest word adds."""
DISGUISE = re.compile(
    r"[^\W\d_][013457@$!]+[^\W\d_]|(?<![\w@$])[013457@$]+[^\W\d_]|([^\W\d_])\1\1"
    r"|(?<!\w)[^\W\d_][ .\-_*+~|/,·•]{1,3}[^\W\d_](?!\w)",
    re.IGNORECASE,
)
"""What makes it worth reading the text a second time without disguises: the higher score counts."""


class AbuseSignal:
    """Eight calibrated probabilities in [0, 1] for English comments; the model card says what they mean."""

    name = "abuse"
    scores: tuple[str, ...] = ABUSE_SCORES

    def __init__(self, model: HashedModel, version: str = VERSION) -> None:
        """Use a loaded model; raises ModelError when it lacks one of the eight labels."""
        self.version = version
        for label in ABUSE_SCORES:
            if label not in model.labels:
                raise ModelError(f"the model lacks the label `{label}`; {MEND}")
        self.model = model
        self._columns = {label: model.labels.index(label) for label in ABUSE_SCORES}

    @classmethod
    def load(cls, folder: Path | None = None, version: str | None = VERSION) -> "AbuseSignal":
        """Load the shipped model, or one in a folder; `version` None takes whichever lies there.

        Raises:
            ModelError: the model is missing, damaged or of another version.
        """
        bundle = load_bundle(folder or BUNDLE, version=version)
        return cls(HashedModel.from_bundle(bundle), bundle.manifest.version)

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return all eight scores, with spans from .3 on; all unchecked where the language is not English."""
        if prepared.language != LANGUAGE:
            return dict.fromkeys(ABUSE_SCORES, Score.unchecked("language_unsupported"))
        readings = [Reading(self.model, prepared.normalised)]
        if DISGUISE.search(prepared.normalised.text):
            readings.append(Reading(self.model, skeleton(prepared.submission.text)))
        return {label: self._score(label, readings) for label in ABUSE_SCORES}

    def _score(self, label: str, readings: list["Reading"]) -> Score:
        column = self._columns[label]
        strongest = max(readings, key=lambda reading: reading.values[column])
        value = float(strongest.values[column])
        return Score(value=value, spans=strongest.spans(label, column) if value >= EXPLAINED_FROM else ())


class Reading:
    """One form of a text (as written, or without its disguises) and its scores."""

    def __init__(self, model: HashedModel, form: Normalised) -> None:
        self._model = model
        self._form = form
        text, self._origin = fold(form.text)
        self._features = model.hasher.features(text)
        self.values = model.probabilities(self._features)

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        return self._model.word_log_odds(self._features)

    def spans(self, label: str, column: int) -> tuple[Span, ...]:
        """Return the passages of the original text that carry most of a score."""
        value = float(self.values[column])
        return tuple(
            Span(*self._original(first, last), strength * value, label)
            for first, last, strength in strongest_passages(self._shares[:, column])
        )

    def _original(self, first: int, last: int) -> tuple[int, int]:
        """Return where the words from `first` to `last` stand in the original text: end exclusive."""
        start, end = int(self._features.starts[first]), int(self._features.ends[last])
        if self._origin is not None:
            start, end = int(self._origin[start]), int(self._origin[end - 1]) + 1
        return self._form.original_span(start, end)


def strongest_passages(shares: NDArray[np.float64]) -> list[tuple[int, int, float]]:
    """Return the passages that carry most of a score, in order: first word, last word, strength in (0, 1].

    `shares` holds what each word adds to the log odds. The strongest words are taken, at most half of all;
    neighbours are merged; the strongest of the passages are kept and measured against the strongest.
    """
    most = max(1, int(len(shares) * SPAN_WORDS_SHARE))
    order = np.argsort(-shares, kind="stable")[:most]
    if not len(order) or shares[order[0]] <= 0:
        return []
    chosen = np.sort(order[shares[order] >= WEAKEST_WORD * shares[order[0]]])
    breaks = np.flatnonzero(np.diff(chosen) > 1) + 1
    runs = [(int(run[0]), int(run[-1]), float(shares[run].sum())) for run in np.split(chosen, breaks)]
    runs = sorted(sorted(runs, key=lambda run: -run[2])[:MOST_SPANS])
    top = max(run[2] for run in runs)
    return [(first, last, total / top) for first, last, total in runs]
