"""What words mean: vectors of single words, and how near a comment comes to a story by them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle

WORDS = "words.txt"
TABLE = "vectors.safetensors"
BANK = "bank.safetensors"
MOST_TERMS = 2_000
"""Different terms of a text that are compared one by one, the first ones."""
MOST_WEIGHT = 9.0
MOST_REPEATS = 3
NEAR = 0.5
"""The cosine from which on two words count as near: "army", "soldier"."""
FEW_TEXTS = 10

type_of_floats = NDArray[np.float32]

VECTOR_FEATURES = (
    "passage_cosine",
    "two_passages_cosine",
    "head_cosine",
    "whole_cosine",
    "soft_coverage",
    "near_words",
    "soft_head",
    "head_told",
    "usual",
    "most_usual",
)
"""The numbers that `vector_features` returns, in this order; docs/reference/signals.md describes them."""


class Sense(NamedTuple):
    """The terms of a text that have a vector, and their mean."""

    places: NDArray[np.intp]
    weights: type_of_floats
    """The rarity of each term times how often it stands, up to three times; 0 or more."""
    mean: type_of_floats
    """Of length 1, or 0 where no term is known."""


class Senses(NamedTuple):
    """A story, or the comments above, by meaning."""

    head: Sense
    whole: Sense
    passages: type_of_floats
    """The mean of each title, paragraph or comment, shape (passages, dimensions)."""


class Vectors:
    """Vectors of single words, all of length 1, and those of ordinary comments to compare with."""

    def __init__(self, words: Sequence[str], table: NDArray[Any], bank: NDArray[Any]) -> None:
        self.places: Mapping[str, int] = {word: place for place, word in enumerate(words)}
        self.table = to_unit(table.astype(np.float32))
        self.bank = to_unit(bank.astype(np.float32))

    @classmethod
    def read(cls, bundle: Bundle) -> "Vectors":
        """Return the vectors of a bundle.

        Raises:
            ModelError: a file is missing or damaged, or the files do not belong together.
        """
        try:
            words = bundle.contents[WORDS].decode().split()
            table, bank = bundle.tensors(TABLE)["vectors"], bundle.tensors(BANK)["bank"]
        except (KeyError, UnicodeDecodeError) as error:
            raise ModelError(f"the word vectors cannot be read ({error}); {MEND}") from error
        if len(words) != len(table) or table.shape[1:] != bank.shape[1:]:
            raise ModelError(f"the word vectors do not belong together; {MEND}")
        return cls(words, table, bank)

    def sense(self, counts: Mapping[str, int], weigh: Callable[[str], float]) -> Sense:
        """Return the meaning of a text whose terms were counted; `weigh` gives a term's rarity. Raises nothing."""
        known = [(self.places[term], term) for term in counts if term in self.places][:MOST_TERMS]
        places = np.array([place for place, _ in known], dtype=np.intp)
        weights = np.array(
            [min(weigh(term), MOST_WEIGHT) * min(counts[term], MOST_REPEATS) for _, term in known], dtype=np.float32
        )
        return Sense(places, weights, to_unit(weights @ self.table[places]))

    def senses(self, head: Sequence[str], passages: Sequence[Counter[str]], weigh: Callable[[str], float]) -> Senses:
        """Return the meaning of a story: its title's terms and the terms of each passage. Raises nothing."""
        whole: Counter[str] = Counter()
        for passage in passages:
            whole.update(passage)
        means = [self.sense(one, weigh).mean for one in passages]
        table = np.array(means, dtype=np.float32).reshape(len(means), self.table.shape[1])
        return Senses(self.sense(Counter(head), weigh), self.sense(whole, weigh), table)


def to_unit(rows: type_of_floats) -> type_of_floats:
    """Return the rows, or one row, scaled to length 1; zeros stay zeros. Raises nothing."""
    sizes = np.linalg.norm(rows, axis=-1, keepdims=True)
    return (rows / np.where(sizes > 0, sizes, 1)).astype(np.float32, copy=False)


def vector_features(comment: Sense, stories: Sequence[Senses], vectors: Vectors) -> list[float]:
    """Return the numbers named in VECTOR_FEATURES; cosines are in [-1, 1].

    `stories` are the story and, for a reply, the comments above: the nearest counts. Raises nothing; a comment
    without known words gives zeros.
    """
    return [*_passages(comment, stories), *_words(comment, stories, vectors), *_usual(comment, vectors)]


def _passages(comment: Sense, stories: Sequence[Senses]) -> list[float]:
    cosines = np.sort(np.concatenate([one.passages @ comment.mean for one in stories]))[::-1]
    if not cosines.size:
        return [0.0] * 4
    head = max(float(one.head.mean @ comment.mean) for one in stories)
    whole = max(float(one.whole.mean @ comment.mean) for one in stories)
    return [float(cosines[0]), float(cosines[:2].mean()), head, whole]


def _words(comment: Sense, stories: Sequence[Senses], vectors: Vectors) -> list[float]:
    """Compare word with word: what the comment finds in the story, and what it tells of the title."""
    grid = np.concatenate([_cosines(comment, one.whole, vectors) for one in stories], axis=1)
    if not grid.size:
        return [0.0] * 4
    best, share = grid.max(axis=1), to_share(comment.weights)
    found, told = 0.0, 0.0
    for one in stories:
        small = _cosines(comment, one.head, vectors)
        if small.size:
            found = max(found, float(small.max(axis=1) @ share))
            told = max(told, float(small.max(axis=0) @ to_share(one.head.weights)))
    return [float(best @ share), float((best > NEAR) @ share), found, told]


def _cosines(comment: Sense, other: Sense, vectors: Vectors) -> type_of_floats:
    cosines: type_of_floats = vectors.table[comment.places] @ vectors.table[other.places].T
    return cosines


def to_share(weights: type_of_floats) -> type_of_floats:
    """Return the weights as shares of their sum. Raises nothing."""
    return weights / np.float32(weights.sum() or 1)


def _usual(comment: Sense, vectors: Vectors) -> list[float]:
    """Compare with ordinary comments: some are near to everything, and must come nearer to say anything."""
    cosines = np.sort(vectors.bank @ comment.mean)
    if not cosines.size:
        return [0.0, 0.0]
    return [float(cosines.mean()), float(cosines[-FEW_TEXTS:].mean())]
