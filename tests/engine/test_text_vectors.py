"""Vectors of texts: near texts are near, and what cannot be read has none."""

import numpy as np
import pytest

from belowline.engine.judge import Engine
from belowline.engine.policy import load_policy
from belowline.engine.signals.shouting import ShoutingSignal
from belowline.engine.text_vectors import text_vectors


@pytest.fixture(scope="module")
def engine():
    from belowline.engine.signals.topic import TopicSignal

    return Engine([ShoutingSignal(), TopicSignal.load()], load_policy())


def test_near_texts_are_near(engine):
    ferry, boat, tax = text_vectors(
        engine,
        [
            "The ferry brings schoolchildren to the island in winter.",
            "A second boat would carry passengers across the harbour.",
            "Capital gains should be taxed like wages.",
        ],
    )

    assert ferry @ boat > ferry @ tax


def test_lengths(engine):
    lengths = np.linalg.norm(text_vectors(engine, ["The ferry is late.", "", "👏", "the of and"]), axis=1)

    assert lengths == pytest.approx([1, 0, 0, 0], abs=1e-5)


def test_no_texts_and_no_model(engine):
    assert text_vectors(engine, []).shape == (0, 0)
    assert text_vectors(Engine([ShoutingSignal()], load_policy()), ["The ferry."]).shape == (1, 0)
