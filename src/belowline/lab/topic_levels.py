"""Which story, thread or text each comment is held against: levels from easy to hard, one wrong partner for each.

At every level a comment stands once with what it belongs to and once with something else, so that the comment alone
tells nothing. The levels are those of docs/how-to/measure-topic.md.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from belowline.engine.submission import Parent, Story
from belowline.lab.topic_rows import Corpus, Posted

FEWEST = 10
"""A level with fewer comments is left out: its figures would mean nothing."""
FAR_DAYS, NEAR_DAYS, SAME_EVENT_DAYS = 90, 30, 7
LOW_OVERLAP = 0.15
"""Stories whose TF-IDF cosine is below this share little but small talk."""
SAME_EVENT = 0.4
"""From this TF-IDF cosine on two stories are taken to tell the same event."""
MOST_SHARED = 0.05
"""A name that a larger share of the stories has (but more than MOST_BEARERS) is no bond between two of them."""
MOST_BEARERS = 3
KEYWORDS = 8
NEARLY_ALL = 0.9
"""N0 asks for another section and for far days only where so many of the comments have such a partner."""
CAPITALISED = re.compile(r"\b[A-Z][\w'’-]{2,}")
LOWER = re.compile(r"\b[a-z][\w'’-]{2,}")
HIDDEN = "R2"

type_of_mask = NDArray[np.bool_]


class Ask(NamedTuple):
    """What the signal is asked about: a text under a story, perhaps as an answer."""

    text: str
    story: int
    parent: Parent | None = None


class Pairing(NamedTuple):
    """A comment with what it belongs to, and with what it does not."""

    comment: int
    own: Ask
    other: Ask


class Level(NamedTuple):
    """A way to draw what does not belong."""

    name: str
    what: str
    pairings: Sequence[Pairing]


class Levels(NamedTuple):
    """The levels that a file has the fields for."""

    drawn: Sequence[Level]
    missing: dict[str, str]
    """Level -> why it is left out."""


class StoryIndex:
    """What tells how near two stories of a file are; each method gives a mask over all stories, for one of them."""

    def __init__(self, corpus: Corpus, vectors: NDArray[np.float32]) -> None:
        """`vectors` are those of title and abstract, of length 1, shape (stories, width)."""
        stories = corpus.stories
        self.vectors = vectors
        self.sections = np.array([one.story.section for one in stories])
        self.days = np.array([one.day.toordinal() if one.day else np.nan for one in stories])
        self.titles = np.array([one.story.title for one in stories])
        texts = [text_of(one.story) for one in stories]
        self.words = fit_words([*texts, *(one.text for one in corpus.comments)])
        self.counts = self.words.transform(texts)
        self.names = _membership(_names(texts, [one.text for one in corpus.comments]))
        self.tags = _membership([set(one.tags) for one in stories])

    def others(self, place: int) -> type_of_mask:
        """All but the story itself, and such as have its title."""
        found: type_of_mask = self.titles != self.titles[place]
        return found

    def same_section(self, place: int) -> type_of_mask:
        """Those of its section, where that is known."""
        found: type_of_mask = (self.sections == self.sections[place]) & (self.sections != "")
        return found

    def other_section(self, place: int) -> type_of_mask:
        """Those of another section, where both are known."""
        known: type_of_mask = (self.sections != "") & (self.sections[place] != "")
        found: type_of_mask = known & (self.sections != self.sections[place])
        return found

    def apart(self, place: int) -> NDArray[np.float64]:
        """How many days lie between; not a number where a date is missing."""
        found: NDArray[np.float64] = np.abs(self.days - self.days[place])
        return found

    def overlap(self, place: int) -> NDArray[np.float64]:
        """Cosines of TF-IDF vectors, in [0, 1]."""
        found: NDArray[np.float64] = (self.counts @ self.counts[place].T).toarray()[:, 0]
        return found

    def shares(self, matrix: Any, place: int) -> type_of_mask:
        """Those that share a name (`self.names`) or a tag (`self.tags`)."""
        found: type_of_mask = (matrix @ matrix[place].T).toarray()[:, 0] > 0
        return found

    def keywords(self, place: int) -> list[str]:
        """The words that mark a story, the strongest first."""
        row = self.counts[place].toarray()[0]
        names = self.words.get_feature_names_out()
        return [str(names[at]) for at in np.argsort(-row, kind="stable")[:KEYWORDS] if row[at] > 0]


def text_of(story: Story) -> str:
    """Return all that a story says."""
    return "\n".join(filter(None, (story.title, story.standfirst, story.body)))


def fit_words(texts: Sequence[str]) -> Any:
    """Return a fitted TF-IDF vectoriser: words without stop words, counts by their logarithm."""
    return TfidfVectorizer(stop_words="english", sublinear_tf=True).fit(texts)


def _names(stories: Sequence[str], comments: Sequence[str]) -> list[set[str]]:
    """Return the names in each story: capitalised words that never stand in lower case, and not in too many stories."""
    ordinary = {word for text in (*stories, *comments) for word in LOWER.findall(text)}
    found = [{word for word in CAPITALISED.findall(text) if word.lower() not in ordinary} for text in stories]
    bearers = Counter(word for words in found for word in words)
    most = max(MOST_BEARERS, MOST_SHARED * len(stories))
    return [{word for word in words if bearers[word] <= most} for words in found]


def _membership(sets: Sequence[set[str]]) -> Any:
    if not any(sets):
        return csr_matrix((len(sets), 1))
    return CountVectorizer(analyzer=sorted, binary=True).fit_transform(sets)


def draw_levels(corpus: Corpus, index: StoryIndex, seed: int = 0) -> Levels:
    """Return every level that the file has the fields for, the same for the same seed; raises nothing."""
    has = _Fields(corpus)
    drawn: list[Level] = []
    missing: dict[str, str] = {}

    def add(name: str, what: str, pairings: Iterator[Pairing], lack: str = "") -> None:
        found = [] if lack else list(pairings)
        if len(found) >= FEWEST:
            drawn.append(Level(name, what, found))
        else:
            missing[name] = lack or (
                f"only {len(found)} comments have such a partner" if found else "no comment has such a partner"
            )

    what, far = _far(corpus, index, has)
    partners = _choose(corpus, far, seed, "N0")
    add("N0", what, _against_stories(corpus, partners))
    for name, (words, mask, lack) in _masks(index, has).items():
        add(name, words, _against_stories(corpus, _choose(corpus, mask, seed, name)), lack)
    nearest = [int(np.where(index.others(at), index.vectors @ index.vectors[at], -2).argmax()) for at in has.places]
    add(
        "nearest",
        "the nearest other story by the vectors of title and abstract",
        _against_stories(corpus, [nearest[one.story] for one in corpus.comments]),
    )
    add(
        "N5",
        "own story, with another story's comment and the story's keywords instead of the comment",
        _stuffed(corpus, index, partners, seed),
    )
    lack = "" if any(one.parent for one in corpus.comments) else "no row has a parent"
    for name, words in THREADS.items():
        add(name, words, _threads(corpus, name, partners, seed), lack)
    return Levels(drawn, missing)


class _Fields:
    """Which fields the stories of a file have."""

    def __init__(self, corpus: Corpus) -> None:
        self.places = range(len(corpus.stories))
        self.sections = len({one.story.section for one in corpus.stories} - {""})
        self.days = any(one.day for one in corpus.stories)
        self.tags = any(one.tags for one in corpus.stories)

    def lack(self, *, sections: int = 0, days: bool = False, tags: bool = False) -> str:
        """Say what is missing for a level, or nothing."""
        missing = [
            *(["section"] if self.sections < sections else []),
            *(["published_at"] if days and not self.days else []),
            *(["tags"] if tags and not self.tags else []),
        ]
        if missing == ["section"] and self.sections:
            return "all stories are of one section"
        return f"the rows have no {' and no '.join(missing)}" if missing else ""


type_of_masking = Callable[[int], type_of_mask]


def _masks(index: StoryIndex, has: _Fields) -> dict[str, tuple[str, type_of_masking, str]]:
    """Return name -> what it is, which stories are wrong partners of one, and what the file lacks for it."""

    def soon(place: int) -> type_of_mask:
        near: type_of_mask = index.apart(place) <= NEAR_DAYS
        return near if has.days else np.ones(len(near), dtype=bool)

    def same_event(place: int) -> type_of_mask:
        alike: type_of_mask = index.overlap(place) >= SAME_EVENT
        return alike | (index.shares(index.tags, place) & (index.apart(place) <= SAME_EVENT_DAYS))

    within = f", within {NEAR_DAYS} days" if has.days else ""
    return {
        "N1": (
            "another section, the same day",
            lambda at: index.other_section(at) & (index.apart(at) == 0),
            has.lack(sections=2, days=True),
        ),
        "N2": (
            f"the same section, few words shared{within}",
            lambda at: index.others(at) & index.same_section(at) & (index.overlap(at) < LOW_OVERLAP) & soon(at),
            has.lack(sections=1),
        ),
        "N3": (
            "the same section, a name shared, another event",
            lambda at: index.others(at) & index.same_section(at) & index.shares(index.names, at) & ~same_event(at),
            has.lack(sections=1),
        ),
        "N4": (
            f"a tag shared, within {SAME_EVENT_DAYS} days: often the same event, so no errors",
            lambda at: index.others(at) & index.shares(index.tags, at) & (index.apart(at) <= SAME_EVENT_DAYS),
            has.lack(days=True, tags=True),
        ),
    }


def _far(corpus: Corpus, index: StoryIndex, has: _Fields) -> tuple[str, type_of_masking]:
    """Return the strictest reading of N0 for which nearly all comments have a partner."""
    steps: list[tuple[str, type_of_masking]] = [("any other story", index.others)]
    if has.sections > 1:
        steps.append(("another section", index.other_section))
    if has.days:
        narrower = steps[-1][1]
        steps.append(
            (
                f"{steps[-1][0]}, more than {FAR_DAYS} days apart",
                lambda at: narrower(at) & (index.apart(at) > FAR_DAYS),
            )
        )
    for what, mask in reversed(steps[1:]):
        have = [bool(mask(at).any()) for at in has.places]
        if np.mean([have[one.story] for one in corpus.comments]) >= NEARLY_ALL:
            return what, mask
    return steps[0]


def _choose(corpus: Corpus, mask: type_of_masking, seed: int, name: str) -> list[int | None]:
    """Draw a partner for each comment, None where it has none."""
    rng = random.Random(f"{seed}:{name}")  # noqa: S311 - sampling
    fitting = {at: np.flatnonzero(mask(at)).tolist() for at in sorted({one.story for one in corpus.comments})}
    return [rng.choice(fitting[one.story]) if fitting[one.story] else None for one in corpus.comments]


def _against_stories(corpus: Corpus, partners: Sequence[int | None]) -> Iterator[Pairing]:
    for place, (one, other) in enumerate(zip(corpus.comments, partners, strict=True)):
        if other is not None:
            yield Pairing(place, Ask(one.text, one.story), Ask(one.text, other))


def _stuffed(corpus: Corpus, index: StoryIndex, partners: Sequence[int | None], seed: int) -> Iterator[Pairing]:
    """Yield each comment beside a foreign one that the keywords of the story were put to."""
    rng = random.Random(f"{seed}:N5")  # noqa: S311 - sampling
    under = _under(corpus)
    keywords = {at: " ".join(index.keywords(at)) for at in under}
    for place, (one, other) in enumerate(zip(corpus.comments, partners, strict=True)):
        if other is not None and under[other] and keywords[one.story]:
            foreign = rng.choice(under[other]).text
            yield Pairing(place, Ask(one.text, one.story), Ask(f"{foreign}\n{keywords[one.story]}", one.story))


THREADS = {
    "R0": "answers with the comment that they answer; the wrong story with one of its comments",
    "R1": "answers with a comment of another thread of the story; the wrong story with one of its comments",
    HIDDEN: "the same answers with nothing above them",
}


def _threads(corpus: Corpus, name: str, partners: Sequence[int | None], seed: int) -> Iterator[Pairing]:
    """Yield answers under their story and under another one, with a parent of that story, or none."""
    rng = random.Random(f"{seed}:threads")  # noqa: S311 - sampling: the wrong parents are the same at all levels
    under = _under(corpus)
    for place, (one, other) in enumerate(zip(corpus.comments, partners, strict=True)):
        if one.parent is None or other is None or not under[other]:
            continue
        elsewhere = [them for them in under[one.story] if _thread(them) != _thread(one)]
        wrong, stray = _as_parent(rng.choice(under[other])), _as_parent(rng.choice(elsewhere or under[other]))
        above = {"R0": (one.parent, wrong), "R1": (stray, wrong), HIDDEN: (None, None)}[name]
        if elsewhere or name != "R1":
            yield Pairing(place, Ask(one.text, one.story, above[0]), Ask(one.text, other, above[1]))


def _under(corpus: Corpus) -> dict[int, list[Posted]]:
    found: dict[int, list[Posted]] = defaultdict(list)
    for one in corpus.comments:
        found[one.story].append(one)
    return found


def _thread(one: Posted) -> str:
    """Return what its thread began with, as far as the row says."""
    return one.text if one.parent is None else one.parent.root_text or one.parent.text


def _as_parent(one: Posted) -> Parent:
    root = _thread(one)
    return Parent(text=one.text, root_text="" if root == one.text else root)
