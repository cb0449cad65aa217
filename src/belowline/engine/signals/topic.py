"""Whether a comment has to do with the article, or with the comment that it answers, and what else it may be."""

import math
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import msgspec
import numpy as np

from belowline.engine.decision import Score
from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle, load_bundle
from belowline.engine.models.sentences import Sense, SentenceEncoder
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.topic_features import FEATURES as SHARED_FEATURES
from belowline.engine.signals.topic_features import Rarity, Reading, features
from belowline.engine.signals.topic_kinds import KIND_SCORES, Article, KindHeads, find_kinds
from belowline.engine.signals.topic_passages import encode_passages, pack_passages, passages_of, unpack_passages
from belowline.engine.signals.topic_vectors import VECTOR_FEATURES, Bank, Told, nearest, tell, vector_features
from belowline.engine.submission import Parent, Story
from belowline.engine.text.words import STOP_WORDS, find_words, terms

BUNDLE = "topic"
FEATURES = (*SHARED_FEATURES, *VECTOR_FEATURES)
"""What the models weigh: what comment and story share by the letter, then by meaning."""
VERSION = "topic-sentences-1"
LANGUAGE = "en"
OFF_TOPIC = "off_topic"
MOST_FOR_OTHER_KINDS = 0.3
"""Talk about the reporting is on topic, and messages to the newsroom go elsewhere: no such comment scores more."""
SURELY = 0.75
"""From this likelihood on a comment counts as of another kind."""
OTHER_KINDS = ("about_this_reporting", *KIND_SCORES)
MOST_EVIDENCE_CHARACTERS = 140
MOST_TEXT_CHARACTERS = 6_000
"""Characters of a comment that are compared; what follows never decides."""
MOST_STORIES = 256
"""Stories whose reading is kept: a story gets many comments."""
MOST_TEXTS = 1_024
"""Comments whose vectors are kept: they are answered soon after."""
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

NO_ARTICLE = Article(frozenset(), is_about_comments=False)

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class TopicModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A logistic model: the weight of each feature, and the constant."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, values: Sequence[float]) -> float:
        """Return the probability, in [0, 1], that both texts were drawn apart, where half of the pairs are."""
        total = self.bias + sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return sigmoid(total)


class TopicModels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the bundle's `model.json` holds."""

    story: TopicModel
    """Comment against story."""
    parent: TopicModel
    """Reply against the comment that it answers."""
    answers: float
    """Log odds that a reply answers its parent before anything is read of both; most do."""
    stays: float
    """Log odds that a thread's first comment is about the article before anything is read of it."""


class Known(NamedTuple):
    """A story, or a comment that is answered, as read: its words, and what they mean."""

    passages: tuple[str, ...]
    reading: Reading
    told: Told
    article: Article
    is_english: bool = True


class Kept(Generic[K, V]):
    """The last things that were computed, up to a number of them; safe for threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K, compute: Callable[[], V]) -> V:
        """Return what is kept for a key, or compute it: outside the lock, so that nobody waits for another's text."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        value = compute()
        with self._lock:
            self._found[key] = value
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return value


class Subject:
    """What is known of words and texts in general; compares any two."""

    def __init__(self, encoder: SentenceEncoder, rarity: Rarity, bank: Bank) -> None:
        """Put encoder, rarity of words and ordinary comments together."""
        self.encoder, self.rarity, self.bank = encoder, rarity, bank
        self._senses: Kept[str, Sense] = Kept(MOST_TEXTS)

    def sense(self, text: str) -> Sense:
        """Return what a comment means, from what is kept where it was read before. Raises nothing."""
        return self._senses.get(text, lambda: self.encoder.read(text))

    def know_story(self, story: Story) -> Known:
        """Read a story; raises nothing. `story.reading`, where it fits the text, saves the encoder's work."""
        passages = passages_of(story, self.encoder.cut)
        vectors = unpack_passages(story.reading, (len(passages), self.encoder.width))
        if vectors is None:
            vectors = encode_passages(passages, self.encoder)
        reading = Reading((story.title, story.standfirst), story.body.splitlines())
        head = 1 + bool(story.standfirst.strip())
        told = tell(vectors, min(head, len(vectors)), self.bank)
        return Known(passages, reading, told, Article.read(passages), _is_english(story.body))

    def know_comment(self, text: str) -> Known:
        """Read a comment that others answer. Raises nothing."""
        sense = self.sense(text)
        vectors = np.vstack((sense.whole, sense.parts)) if len(sense.parts) > 1 else sense.whole[None]
        return Known((text,), Reading((), (text,)), tell(vectors, 1, self.bank), NO_ARTICLE)

    def compare(self, text: str, sense: Sense, known: Known, bank: Bank | None = None) -> list[float]:
        """Return the numbers named in FEATURES, with another bank where one is given. Raises nothing."""
        shared = features(Counter(terms(text)), [known.reading], self.rarity)
        return [*shared, *vector_features(sense, known.told, bank or self.bank)]


class TopicSignal:
    """`off_topic`, in [0, 1]: 1 has nothing to do with the article, nor with the comment it answers; and some kinds."""

    name = "topic"
    scores: tuple[str, ...] = (OFF_TOPIC, *KIND_SCORES)

    def __init__(self, models: TopicModels, subject: Subject, heads: KindHeads, version: str = VERSION) -> None:
        self.version = version
        self.models, self.subject, self.heads = models, subject, heads
        self._stories: Kept[Story, Known] = Kept(MOST_STORIES)

    @classmethod
    def load(cls, folder: Path | None = None, version: str | None = VERSION) -> "TopicSignal":
        """Load the shipped model, or one in a folder; `version` None takes whichever lies there.

        Raises:
            ModelError: the model is missing, damaged or of another version.
        """
        bundle = load_bundle(folder or BUNDLE, version=version)
        encoder = SentenceEncoder.from_bundle(bundle)
        models, rarity = read_models(bundle)
        subject = Subject(encoder, rarity, Bank.read(bundle))
        return cls(models, subject, KindHeads.read(bundle, encoder.width), bundle.manifest.version)

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return all scores; `off_topic` has the nearest passage as evidence, and the comment's kind.

        Unchecked: `no_story` without a story or with one that has no words; `language_unsupported` where the comment
        is not English, `story_language_unsupported` where the story is not. Raises nothing.
        """
        story, cause = self._judgeable(prepared)
        if story is None:
            return dict.fromkeys(self.scores, Score.unchecked(cause))
        text = prepared.normalised.text[:MOST_TEXT_CHARACTERS]
        sense = self.subject.sense(text)
        kinds = find_kinds(self.heads, sense, text, story.article, len(set(terms(text))))
        value = self.off_topic(text, sense, story, prepared.submission.parent)
        if is_about_reporting(text) or any(kinds.likely[name] >= SURELY for name in OTHER_KINDS):
            value = min(value, MOST_FOR_OTHER_KINDS)
        found = {name: Score(value=kinds.likely[name]) for name in KIND_SCORES}
        return {OFF_TOPIC: Score(value=value, evidence=self._nearest(sense, story), kind=kinds.kind)} | found

    def _judgeable(self, prepared: Prepared) -> tuple[Known | None, str]:
        """Return the story as read, or why nothing can be said."""
        given = prepared.submission.story
        if given is None or not any(map(terms, (given.title, given.standfirst, given.body))):
            return None, "no_story"
        if prepared.language != LANGUAGE:
            return None, "language_unsupported"
        story = self.read_story(given)
        return (story, "") if story.is_english else (None, "story_language_unsupported")

    def off_topic(self, text: str, sense: Sense, story: Known, parent: Parent | None) -> float:
        """Return how likely a comment belongs neither to the story nor to the conversation, in [0, 1]. Raises nothing.

        A reply that answers a comment in a thread that began with the article is on topic; under a digression it
        follows that (on-topic definition: docs/explanation/on-topic.md).
        """
        apart = self.models.story.probability(self.subject.compare(text, sense, story))
        if parent is None or not parent.text.strip():
            return apart
        above = parent.text[:MOST_TEXT_CHARACTERS]
        answers = 1 - self._likely(
            self.models.parent, text, sense, self.subject.know_comment(above), self.models.answers
        )
        root = parent.root_text[:MOST_TEXT_CHARACTERS].strip() or above
        stays = 1 - self._likely(self.models.story, root, self.subject.sense(root), story, self.models.stays)
        return apart * (1 - answers * stays)

    def _likely(self, model: TopicModel, text: str, sense: Sense, known: Known, prior: float) -> float:
        """Return how likely two texts were drawn apart, where they seldom are: `prior` is the log odds against it."""
        probability = model.probability(self.subject.compare(text, sense, known))
        return sigmoid(math.log(max(probability, 1e-9) / max(1 - probability, 1e-9)) - prior)

    def read_story(self, story: Story) -> Known:
        """Return the story's reading, from what is kept where it is known. Safe for threads. Raises nothing."""
        return self._stories.get(story, lambda: self.subject.know_story(story))

    def prepare(self, story: Story) -> bytes:
        """Return what `Story.reading` may hold for this very text, so that it is read by the encoder only once."""
        return pack_passages(self.read_story(story).told.passages)

    def _nearest(self, sense: Sense, story: Known) -> str:
        """Return the passage that comes nearest to the comment: of the text, or of the head where that is all."""
        count = len(story.passages)
        body = range(story.told.head, count) if count > story.told.head else range(count)
        return shorten(story.passages[nearest(sense, story.told.passages, body)])


def read_models(bundle: Bundle) -> tuple[TopicModels, Rarity]:
    """Return the models, and how rare words are, out of a bundle.

    Raises:
        ModelError: a file is missing or damaged, or the models were made for other features.
    """
    try:
        models = msgspec.json.decode(bundle.contents["model.json"], type=TopicModels)
        rarity = msgspec.json.decode(bundle.contents["idf.json"], type=Rarity)
    except (KeyError, msgspec.MsgspecError) as error:
        raise ModelError(f"the topic model cannot be read ({error}); {MEND}") from error
    for model in (models.story, models.parent):
        if model.features != FEATURES or len(model.weights) != len(FEATURES):
            raise ModelError(f"the topic model was made for other features; {MEND}")
    return models, rarity


def sigmoid(log_odds: float) -> float:
    """Return the probability of log odds. Raises nothing."""
    return 1.0 / (1.0 + math.exp(-max(min(log_odds, 60.0), -60.0)))


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
