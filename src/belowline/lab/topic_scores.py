"""Scores of texts under stories, as the engine gives them, each text and each story read once."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np

from belowline.engine.models.sentences import Sense, to_unit, type_of_floats
from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.topic import MOST_TEXT_CHARACTERS, OFF_TOPIC, Known, Subject, TopicSignal
from belowline.engine.submission import Story, Submission
from belowline.engine.text.language import detect_language
from belowline.lab.distinct import Watch
from belowline.lab.topic_levels import Ask

SETTINGS = Settings()

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Remembering(Subject):
    """Forgets no comment: here each one is met many times."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject.encoder, subject.rarity, subject.bank)
        self._read: dict[str, Sense] = {}
        self._known: dict[str, Known] = {}

    def sense(self, text: str) -> Sense:
        """Return what a comment means."""
        return _kept(self._read, text, self.encoder.read)

    def know_comment(self, text: str) -> Known:
        """Return a comment that others answer."""
        return _kept(self._known, text, super().know_comment)


class _RememberingSignal(TopicSignal):
    """Forgets no story."""

    def __init__(self, signal: TopicSignal) -> None:
        super().__init__(signal.models, _Remembering(signal.subject), signal.heads, signal.version)
        self._known: dict[Story, Known] = {}

    def read_story(self, story: Story) -> Known:
        """Return the story's reading."""
        return _kept(self._known, story, self.subject.know_story)


def _kept(known: dict[K, V], key: K, compute: Callable[[K], V]) -> V:
    if key not in known:
        known[key] = compute(key)
    return known[key]


class Scored:
    """The scores of what was asked, each in [0, 1]: 1 is off-topic."""

    def __init__(self, signal: TopicSignal, stories: Sequence[Story]) -> None:
        """`stories` are those that an Ask names by their place."""
        self.version = signal.version
        self.stories = stories
        self.unchecked: dict[str, int] = {}
        """Cause -> how many questions have no answer because of it."""
        self._signal = _RememberingSignal(signal)
        self._values: dict[Ask, float] = {}
        self._nearest: dict[tuple[str, int], float] = {}

    def read(self, asks: Iterable[Ask], watch: Watch = iter) -> None:
        """Score every question that was not scored before; `watch` sees each distinct text once."""
        by_text: dict[str, list[Ask]] = {}
        for ask in dict.fromkeys(asks):
            if ask not in self._values:
                by_text.setdefault(ask.text, []).append(ask)
        for text in watch(list(by_text)):
            language = detect_language(text, SETTINGS.languages)
            for ask in by_text[text]:
                self._values[ask] = self._score(ask, language)

    def _score(self, ask: Ask, language: str) -> float:
        story = self.stories[ask.story]
        prepared = Prepared(Submission(text=ask.text, language=language, story=story, parent=ask.parent), SETTINGS)
        found = self._signal.measure(prepared)[OFF_TOPIC]
        if found.value is None:
            self.unchecked[found.cause] = self.unchecked.get(found.cause, 0) + 1
            return np.nan
        passages = self._signal.read_story(story).told.passages
        self._nearest[ask.text, ask.story] = float((passages @ self.vector(ask.text)).max())
        return found.value

    def value(self, ask: Ask) -> float:
        """Return the score of a question that was read; not a number where it is unchecked."""
        return self._values[ask]

    def nearest(self, ask: Ask) -> float:
        """Return the best cosine of a text with a passage of the story, parents apart, in [-1, 1]."""
        return self._nearest.get((ask.text, ask.story), np.nan)

    def vector(self, text: str) -> type_of_floats:
        """Return what a text means as the engine reads it, a vector of length 1, shape (width,)."""
        normalised = Prepared(Submission(text=text), SETTINGS).normalised.text[:MOST_TEXT_CHARACTERS]
        return self._signal.subject.sense(normalised).whole

    def story_vectors(self) -> type_of_floats:
        """Return the mean of title and standfirst of each story, of length 1, shape (stories, width)."""
        heads = [self._signal.read_story(story).told for story in self.stories]
        return to_unit(np.array([told.passages[: told.head].mean(axis=0) for told in heads]))
