"""How much a comment shares with an article: the numbers that the topic model weighs."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from belowline.engine.text.words import terms

K1 = 1.2
B = 0.75
MEAN_PASSAGE_TERMS = 40.0
"""BM25's saturation and length correction; the terms of an ordinary paragraph."""
PREFIX = 6
"""Terms that agree in so many letters count as related: "immigrant", "immigration"."""
CHANCE = 0.02
"""A term in a share s of comments is about every (1 / (s * CHANCE))th term of an article."""
MOST_IDF = 9.0
MOST_REPEATS = 3

FEATURES = (
    "bm25",
    "coverage",
    "near_coverage",
    "shared_weight",
    "rarest_shared",
    "title_coverage",
    "shared_terms",
    "expected_terms",
    "comment_terms",
    "story_terms",
    "bm25_by_comment",
    "bm25_by_story",
    "coverage_by_comment",
    "coverage_by_story",
    "near_by_comment",
    "near_by_story",
    "weight_by_comment",
    "title_by_comment",
    "title_by_story",
)
"""The numbers that `features` returns, in this order; docs/reference/signals.md describes them."""


class Rarity(msgspec.Struct, frozen=True):
    """How many of a large number of comments hold each term."""

    documents: int
    counts: Mapping[str, int]
    rarest: int = 4
    """An unknown term counts as one that this many comments hold."""

    def idf(self, term: str) -> float:
        """Return the natural logarithm of documents per document that holds the term. Raises nothing."""
        return math.log(self.documents / self.counts.get(term, self.rarest))


class Passage(NamedTuple):
    """A title, a paragraph or a comment, with its terms counted."""

    text: str
    counts: Counter[str]
    size: int


class Reading:
    """Passages read once, to compare comments with."""

    def __init__(self, head: Sequence[str], passages: Sequence[str]) -> None:
        """Read title and standfirst (`head`), and what else belongs to the subject (`passages`)."""
        self.passages = [_read(text) for text in (*head, *passages) if text.strip()]
        self.counts: Counter[str] = Counter()
        for passage in self.passages:
            self.counts.update(passage.counts)
        self.head = tuple({term: None for text in head for term in terms(text)})
        self.size = sum(self.counts.values())
        self.is_english = True
        self.prefixes = frozenset(_prefix(term) for term in self.counts)


def _read(text: str) -> Passage:
    counts = Counter(terms(text))
    return Passage(text, counts, sum(counts.values()))


def _prefix(term: str) -> str:
    return term[:PREFIX]


def bm25(weights: Mapping[str, float], passage: Passage) -> float:
    """Return how well a passage answers a comment's terms, from 0 up.

    Robertson and Zaragoza 2009 (The Probabilistic Relevance Framework: BM25 and Beyond), with the comment as the query:
    `weights` holds the idf of its terms. Raises nothing.
    """
    norm = K1 * (1 - B + B * passage.size / MEAN_PASSAGE_TERMS)
    total = 0.0
    # In the order of the comment: that of a set differs from process to process, and with it the last digits of a sum.
    for term in filter(passage.counts.__contains__, weights):
        count = passage.counts[term]
        total += weights[term] * count * (K1 + 1) / (count + norm)
    return total


def features(comment: Counter[str], readings: Sequence[Reading], rarity: Rarity) -> list[float]:
    """Return the numbers named in FEATURES; all are 0 or more.

    `comment` counts the comment's terms; `readings` are the story and, for a reply, the comments above.
    Raises nothing; a comment without terms gives zeros beside `story_terms`.
    """
    weights = {term: rarity.idf(term) for term in comment}
    total = sum(weights.values()) or 1.0
    shared = [term for term in comment if any(term in reading.counts for reading in readings)]
    near = [term for term in comment if any(_prefix(term) in reading.prefixes for reading in readings)]
    size = sum(reading.size for reading in readings)
    chance = (1 - math.exp(-size * CHANCE * math.exp(-weight)) for weight in weights.values())
    best = max((bm25(weights, one) for reading in readings for one in reading.passages), default=0.0)
    answer = math.log1p(best)
    coverage = sum(weights[term] for term in shared) / total
    near_coverage = sum(weights[term] for term in near) / total
    weight = math.log1p(sum(min(weights[term], MOST_IDF) * min(comment[term], MOST_REPEATS) for term in shared))
    title = max((_head_coverage(comment, reading, rarity) for reading in readings), default=0.0)
    length, breadth = math.log1p(len(comment)), math.log1p(size)
    return [
        answer,
        coverage,
        near_coverage,
        weight,
        max((weights[term] for term in shared), default=0.0),
        title,
        math.log1p(len(shared)),
        math.log1p(sum(chance)),
        length,
        breadth,
        answer * length,
        answer * breadth,
        coverage * length,
        coverage * breadth,
        near_coverage * length,
        near_coverage * breadth,
        weight * length,
        title * length,
        title * breadth,
    ]


def _head_coverage(comment: Counter[str], reading: Reading, rarity: Rarity) -> float:
    total = sum(map(rarity.idf, reading.head))
    return sum(rarity.idf(term) for term in reading.head if term in comment) / total if total else 0.0
