"""Scores are the engine's, and each text and story is read once."""

import numpy as np
import pytest
from tiny_paper import tiny_signal

from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.submission import Parent, Story, Submission
from belowline.lab.topic_levels import Ask
from belowline.lab.topic_scores import Scored

STORIES = [
    Story(title="The bridge question", standfirst="What will become of it?", body="The bridge was closed."),
    Story(title="The school question", body="The school was closed."),
    Story(title="?"),
]
TEXT = "The bridge was a mistake, and everybody in this country knows that well."
GERMAN = "Die Brücke war ein Fehler, und das weiß hier im Lande seit vielen Jahren wirklich jeder Mensch."


@pytest.fixture
def scored():
    return Scored(tiny_signal(), STORIES)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(Ask(TEXT, 0), id="own story"),
        pytest.param(Ask(TEXT, 1), id="another"),
        pytest.param(Ask(TEXT, 1, Parent(text="What of the bridge?", root_text="The school!")), id="an answer"),
    ],
)
def test_the_score_is_the_engine_s(scored, ask):
    scored.read([ask])
    submission = Submission(text=ask.text, story=STORIES[ask.story], parent=ask.parent)
    assert scored.value(ask) == tiny_signal().measure(Prepared(submission, Settings()))["off_topic"].value


def test_what_is_near_scores_lower(scored):
    scored.read([Ask(TEXT, 0), Ask(TEXT, 1)])
    assert scored.value(Ask(TEXT, 0)) < scored.value(Ask(TEXT, 1))


def test_each_text_is_read_once(scored, monkeypatch):
    encoder = scored._signal.subject.encoder
    read = []
    monkeypatch.setattr(encoder, "read", lambda text, real=encoder.read: read.append(text) or real(text))
    above = Parent(text="What of the bridge?")
    asks = [Ask(TEXT, 0), Ask(TEXT, 1), Ask(TEXT, 0, above), Ask(TEXT, 1, above)]
    seen = []
    scored.read([*asks, *asks], lambda texts: seen.extend(texts) or texts)
    scored.read(asks, lambda texts: seen.extend(texts) or texts)
    scored.vector(TEXT)
    assert sorted(read) == sorted([TEXT, above.text])
    assert seen == [TEXT]


@pytest.mark.parametrize(
    ("ask", "cause"),
    [
        pytest.param(Ask(GERMAN, 0), "language_unsupported", id="another language"),
        pytest.param(Ask(TEXT, 2), "no_story", id="a story without words"),
    ],
)
def test_what_cannot_be_judged_is_counted(scored, ask, cause):
    scored.read([ask])
    assert np.isnan(scored.value(ask))
    assert np.isnan(scored.nearest(ask))
    assert scored.unchecked == {cause: 1}


def test_the_nearest_passage(scored):
    scored.read([Ask(TEXT, 0)])
    assert -1 <= scored.nearest(Ask(TEXT, 0)) <= 1
    assert np.linalg.norm(scored.vector(TEXT)) == pytest.approx(1, abs=1e-5)


def test_vectors_of_stories(scored):
    found = scored.story_vectors()
    assert found.shape[0] == len(STORIES)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
