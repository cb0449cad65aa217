"""Whether a comment has to do with the article, or with the comment that it answers."""

import math
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from belowline.engine.decision import Score
from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle, load_bundle
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.topic_features import FEATURES as SHARED_FEATURES
from belowline.engine.signals.topic_features import Rarity, Reading, bm25, features
from belowline.engine.signals.topic_vectors import VECTOR_FEATURES, Senses, Vectors, vector_features
from belowline.engine.submission import Parent, Story
from belowline.engine.text.words import STOP_WORDS, find_words, terms

BUNDLE = "topic"
FEATURES = (*SHARED_FEATURES, *VECTOR_FEATURES)
"""What the model weighs: what comment and story share by the letter, then by meaning."""
VERSION = "topic-words-1"
LANGUAGE = "en"
FEWEST_TERMS = 3
ENOUGH_TERMS = 12
"""Different content words: up to 3 say nothing about a subject, from 12 on the model is believed fully."""
ENOUGH_TERMS_IN_REPLY = 20
"""A reply leans on the comment above, so it is believed later."""
MOST_FOR_META = 0.3
"""Talk about the reporting is on topic: no such comment scores more."""
MOST_EVIDENCE_CHARACTERS = 140
MOST_TEXT_CHARACTERS = 6_000
"""Characters of a comment that are compared; what follows never decides."""
MOST_STORIES = 256
"""Stories whose reading is kept: a story gets many comments."""
MIN_SMALL_WORDS = 0.08
"""An English article has at least this share of stop words; headlines alone are not asked."""
ENOUGH_WORDS_TO_TELL = 40

_META = re.compile(
    r"\b(?:this|the|your|an?|such|whoever|great|good|excellent|terrible|awful|poor|biased|misleading)\s(?:\w+\s){0,2}?"
    r"(?:article|headline|reporter|reporting|journalist|journalism|columnist|column|editor|editors|newspaper|op-?ed|author|writer"
    r"|piece|photo|caption|comments? section|moderators?|coverage|byline)\b"
    r"|\b(?:proofread\w*|typo|clickbait|misquot\w*|fact.?check\w*)\b",
    re.IGNORECASE,
)


class TopicModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A logistic model: the weight of each feature, and the constant."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, values: list[float]) -> float:
        """Return the probability, in [0, 1], that story and comment were drawn apart, where half of the pairs are."""
        total = self.bias + sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return 1.0 / (1.0 + math.exp(-max(min(total, 60.0), -60.0)))


class Known(NamedTuple):
    """A story, or the comments above, as read: its words, and what they mean."""

    reading: Reading
    senses: Senses


class Subject(NamedTuple):
    """What is known about words in general: how rare they are, and what they mean."""

    rarity: Rarity
    vectors: Vectors

    def know(self, reading: Reading) -> Known:
        """Add to a reading what its words mean. Raises nothing."""
        passages = [passage.counts for passage in reading.passages]
        return Known(reading, self.vectors.senses(reading.head, passages, self.rarity.idf))

    def compare(self, comment: Counter[str], known: Sequence[Known]) -> list[float]:
        """Return the numbers named in FEATURES, for a comment whose terms were counted. Raises nothing."""
        shared = features(comment, [one.reading for one in known], self.rarity)
        sense = self.vectors.sense(comment, self.rarity.idf)
        return [*shared, *vector_features(sense, [one.senses for one in known], self.vectors)]


class TopicSignal:
    """`off_topic`, in [0, 1]: 1 is a long comment that shares nothing with article, title or the comments above."""

    name = "topic"
    scores: tuple[str, ...] = ("off_topic",)

    def __init__(self, model: TopicModel, subject: Subject, version: str = VERSION) -> None:
        self.version = version
        self.model = model
        self.subject = subject
        self._stories: OrderedDict[Story, Known] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, folder: Path | None = None, version: str | None = VERSION) -> "TopicSignal":
        """Load the shipped model, or one in a folder; `version` None takes whichever lies there.

        Raises:
            ModelError: the model is missing, damaged or of another version.
        """
        bundle = load_bundle(folder or BUNDLE, version=version)
        return cls(*read_model(bundle), bundle.manifest.version)

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return `off_topic` with the nearest paragraph as evidence.

        Unchecked: `no_story` without a story or with one that has no words; `language_unsupported` where comment
        or story are not English. Raises nothing.
        """
        return {"off_topic": self._score(prepared)}

    def _score(self, prepared: Prepared) -> Score:
        submission = prepared.submission
        if submission.story is None:
            return Score.unchecked("no_story")
        story = self.read_story(submission.story)
        if not story.reading.counts:
            return Score.unchecked("no_story")
        if prepared.language != LANGUAGE or not story.reading.is_english:
            return Score.unchecked("language_unsupported")
        comment = Counter(terms(prepared.normalised.text[:MOST_TEXT_CHARACTERS]))
        readings = [story, self.subject.know(read_parent(submission.parent))] if submission.parent else [story]
        value = self.model.probability(self.subject.compare(comment, readings))
        value *= belief(len(comment), is_reply=submission.parent is not None)
        if is_about_reporting(prepared.normalised.text):
            value = min(value, MOST_FOR_META)
        return Score(value=value, evidence=self._nearest(comment, story.reading))

    def read_story(self, story: Story) -> Known:
        """Return the story's reading, from the cache where it is known. Safe for threads. Raises nothing."""
        with self._lock:
            known = self._stories.get(story)
            if known is not None:
                self._stories.move_to_end(story)
                return known
        reading = Reading((story.title, story.standfirst), story.body.splitlines())
        reading.is_english = _is_english(story.body)
        known = self.subject.know(reading)
        with self._lock:
            self._stories[story] = known
            while len(self._stories) > MOST_STORIES:
                self._stories.popitem(last=False)
        return known

    def _nearest(self, comment: Counter[str], story: Reading) -> str:
        """Return the passage that shares most with the comment, the first after the title where none does."""
        ranked = story.passages[1:] or story.passages
        weights = {term: self.subject.rarity.idf(term) for term in comment}
        return shorten(max(ranked, key=lambda one: bm25(weights, one)).text)


def read_model(bundle: Bundle) -> tuple[TopicModel, Subject]:
    """Return the model, and what it knows about words, out of a bundle.

    Raises:
        ModelError: a file is missing or damaged, or the model was made for other features.
    """
    try:
        model = msgspec.json.decode(bundle.contents["model.json"], type=TopicModel)
        rarity = msgspec.json.decode(bundle.contents["idf.json"], type=Rarity)
    except (KeyError, msgspec.MsgspecError) as error:
        raise ModelError(f"the topic model cannot be read ({error}); {MEND}") from error
    if model.features != FEATURES or len(model.weights) != len(FEATURES):
        raise ModelError(f"the topic model was made for other features; {MEND}")
    return model, Subject(rarity, Vectors.read(bundle))


def read_parent(parent: Parent) -> Reading:
    """Return the reading of the comment answered and of the one that began the thread. Raises nothing."""
    return Reading((), (parent.text[:MOST_TEXT_CHARACTERS], parent.root_text[:MOST_TEXT_CHARACTERS]))


def belief(count: int, *, is_reply: bool) -> float:
    """Return how far a comment of so many different content words can be judged, in [0, 1]. Raises nothing."""
    enough = ENOUGH_TERMS_IN_REPLY if is_reply else ENOUGH_TERMS
    return min(max((count - FEWEST_TERMS) / (enough - FEWEST_TERMS), 0.0), 1.0)


def is_about_reporting(text: str) -> bool:
    """Say whether a comment talks about the article itself, its headline or who wrote it. Raises nothing."""
    return _META.search(text[:MOST_TEXT_CHARACTERS]) is not None


def shorten(text: str) -> str:
    """Return the text in one line of at most 140 characters, cut at a blank. Raises nothing."""
    line = " ".join(text.split())
    if len(line) <= MOST_EVIDENCE_CHARACTERS:
        return line
    cut = line[: MOST_EVIDENCE_CHARACTERS - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:") + "…"


def _is_english(body: str) -> bool:
    """Say whether a body reads as English; a short or missing one is given the benefit of the doubt."""
    words = [word.text.lower() for word in find_words(body[:2_000])]
    if len(words) < ENOUGH_WORDS_TO_TELL:
        return True
    return sum(word in STOP_WORDS for word in words) >= MIN_SMALL_WORDS * len(words)
