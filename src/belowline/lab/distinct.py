"""Scoring texts, each distinct one once."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from belowline.engine.decision import Score
from belowline.engine.policy import ABUSE_SCORES, Settings
from belowline.engine.signals.abuse import AbuseSignal
from belowline.engine.signals.base import Prepared
from belowline.engine.submission import Submission

Scores = dict[str, dict[str, float]]
"""Text -> name -> score in [0, 1]."""
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


def score_texts(signal: Scorer, texts: Iterable[str], watch: Watch = iter) -> Scores:
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


def column(scores: Scores, texts: Iterable[str], *names: str) -> NDArray[np.float64]:
    """Return for each text the highest of the named scores, in [0, 1]."""
    return np.array([max(scores[text][name] for name in names) for text in texts], dtype=np.float64)


class Recorded:
    """Scores that were computed before, in the form of a signal."""

    def __init__(self, known: Scores, version: str) -> None:
        self.known, self.version = known, version
        self.scores: tuple[str, ...] = ABUSE_SCORES

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return the recorded scores of a text; raises KeyError for one that was not scored."""
        return {name: Score(value=value) for name, value in self.known[prepared.submission.text].items()}


_signal: list[AbuseSignal] = []


def _load(folder: Path | None, always_encodes: bool) -> None:  # noqa: FBT001 - initargs are positional
    signal = AbuseSignal.load(folder, version=None)
    if signal.cascade is not None:
        signal.cascade.always_encodes = always_encodes
    _signal.append(signal)


def _read(text: str) -> tuple[dict[str, float], list[tuple[int, int]]]:
    found = _signal[0].measure(Prepared(Submission(text=text, language="en"), Settings()))
    values = {label: float(score.value or 0.0) for label, score in found.items()}
    return values, [(span.start, span.end) for span in found["toxicity"].spans]


def score_in_processes(
    texts: Iterable[str], folder: Path | None, *, always_encodes: bool = False
) -> tuple[Scores, dict[str, list[tuple[int, int]]]]:
    """Score every distinct text, on all cores; return its scores, and the passages that explain its toxicity.

    With `always_encodes` the encoder reads every text.
    """
    distinct = list(dict.fromkeys(texts))
    with ProcessPoolExecutor(os.cpu_count(), initializer=_load, initargs=(folder, always_encodes)) as pool:
        found = list(pool.map(_read, distinct, chunksize=200))
    return (
        {text: values for text, (values, _) in zip(distinct, found, strict=True)},
        {text: spans for text, (_, spans) in zip(distinct, found, strict=True)},
    )
