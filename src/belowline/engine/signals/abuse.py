"""Abuse: eight scores out of one linear model over words and letters, with the passages that speak for them."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from belowline.engine.decision import Score, Span
from belowline.engine.models.bundle import load_bundle
from belowline.engine.models.hashed import Features, HashedModel, fold, sigmoid
from belowline.engine.signals.base import Prepared
from belowline.engine.text.normalise import Normalised

BUNDLE = "abuse"
VERSION = "abuse-linear-1"
LANGUAGE = "en"
EXPLAINED_FROM = 0.3
"""Scores below this have no spans: nobody acts on them."""
MOST_SPANS = 3
SPAN_WORDS_SHARE = 0.5
"""No label marks more than this share of a text's words (one word is always allowed)."""
WEAKEST_WORD = 0.25
"""A word is marked when it adds at least this share of what the strongest word adds."""

SCORES = (
    "toxicity",
    "severe_toxicity",
    "insult",
    "profanity",
    "threat",
    "identity_attack",
    "sexually_explicit",
    "spam",
)


class AbuseSignal:
    """Eight calibrated probabilities in [0, 1]: the share of raters who would tick the label, on English comments."""

    name = "abuse"
    scores = SCORES
    version = VERSION

    def __init__(self, model: HashedModel) -> None:
        self.model = model
        self._columns = [model.labels.index(label) for label in SCORES]

    @classmethod
    def load(cls, folder: Path | None = None) -> "AbuseSignal":
        """Load the shipped model, or one in a folder.

        Raises:
            ModelError: the model is missing, damaged or of another version.
        """
        return cls(HashedModel.from_bundle(load_bundle(folder or BUNDLE, version=VERSION)))

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return all eight scores, with spans from .3 on; all unchecked where the language is not English."""
        if prepared.language != LANGUAGE:
            return dict.fromkeys(SCORES, Score.unchecked("language_unsupported"))
        return self.measure_text(prepared.normalised)

    def measure_text(self, normalised: Normalised) -> dict[str, Score]:
        """Return all eight scores of a normalised English text."""
        text, origin = fold(normalised.text)
        features = self.model.hasher.features(text)
        values = sigmoid(self.model.log_odds(features))
        shares: NDArray[np.float64] | None = None
        scores = {}
        for label, column in zip(SCORES, self._columns, strict=True):
            value = float(values[column])
            spans: tuple[Span, ...] = ()
            if value >= EXPLAINED_FROM:
                shares = self.model.word_log_odds(features) if shares is None else shares
                passages = strongest_passages(shares[:, column])
                spans = tuple(
                    Span(*_original(normalised, origin, features, passage), passage[2] * value, label)
                    for passage in passages
                )
            scores[label] = Score(value=value, spans=spans)
        return scores


def strongest_passages(shares: NDArray[np.float64]) -> list[tuple[int, int, float]]:
    """Return the passages that carry most of a score, in reading order: first word, last word, strength in (0, 1].

    `shares` holds what each word adds to the log odds. The strongest words are taken, at most half of all; neighbours
    are merged; the strongest of the passages are kept and measured against the strongest.
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


def _original(
    normalised: Normalised,
    origin: NDArray[np.int64] | None,
    features: Features,
    passage: tuple[int, int, float],
) -> tuple[int, int]:
    """Return where a passage stands in the original text: code points, end exclusive."""
    start, end = int(features.starts[passage[0]]), int(features.ends[passage[1]])
    if origin is not None:
        start, end = int(origin[start]), int(origin[end - 1]) + 1
    return normalised.original_span(start, end)
