"""Vectors of whole texts, for what compares comments with each other; the one place that knows where they come from."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from belowline.engine.judge import Engine
from belowline.engine.signals.topic import MOST_TEXT_CHARACTERS, TopicSignal
from belowline.engine.text.words import terms


def text_vectors(engine: Engine, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return a vector for each text, of length 1, or 0 where it has no telling word; shape (texts, dimensions).

    They are the topic model's sentence vectors of the beginning of each text, some ten milliseconds a text on one core.
    An engine without that model gives vectors without dimensions. Raises nothing.
    """
    signal = next((one for one in engine.signals if isinstance(one, TopicSignal)), None)
    if signal is None or not texts:
        return np.zeros((len(texts), 0), dtype=np.float32)
    vectors = signal.subject.encoder.read_passages([text[:MOST_TEXT_CHARACTERS] for text in texts])
    vectors[[not terms(text) for text in texts]] = 0
    return vectors
