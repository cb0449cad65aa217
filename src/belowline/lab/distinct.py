"""Scoring texts, each distinct one once."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from belowline.engine.decision import Score
from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.submission import Submission

Watch = Callable[[Sequence[str]], Iterable[str]]
"""Passes texts on one by one and may show how far it is."""


class Scorer(Protocol):
    """What gives scores: the abuse signal, or another one like it."""

    scores: tuple[str, ...]
    version: str

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return a score in [0, 1], or an unchecked one, for each name in `scores`."""
        ...


class UnscoredError(ValueError):
    """The model gave no score; a missing score is not a low one."""


def score_texts(signal: Scorer, texts: Iterable[str], watch: Watch = iter) -> dict[str, dict[str, float]]:
    """Return text -> name -> score in [0, 1], read as English; `watch` sees every distinct text once.

    Raises:
        UnscoredError: a text has no score.
    """
    settings = Settings()
    return {text: _score(signal, text, settings) for text in watch(list(dict.fromkeys(texts)))}


def _score(signal: Scorer, text: str, settings: Settings) -> dict[str, float]:
    found = signal.measure(Prepared(Submission(text=text, language="en"), settings))
    missing = [f"{name} ({score.cause})" for name, score in found.items() if score.value is None]
    if missing:
        raise UnscoredError(f"the model gives no score for {', '.join(missing)} of “{text[:60]}”; take the row out")
    return {name: float(score.value) for name, score in found.items() if score.value is not None}


def column(scores: dict[str, dict[str, float]], texts: Sequence[str], names: Sequence[str]) -> NDArray[np.float64]:
    """Return for each text the highest of the named scores, in [0, 1]."""
    return np.array([max(scores[text][name] for name in names) for text in texts], dtype=np.float64)
