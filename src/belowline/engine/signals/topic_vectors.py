"""How near a comment comes to a story by what both mean: cosines of sentence vectors, against what is usual."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle
from belowline.engine.models.sentences import Sense, to_unit, type_of_floats

BANK = "bank.safetensors"
BEST_OF = 3

VECTOR_FEATURES = (
    "best",
    "best_three",
    "title",
    "head",
    "centre",
    "sentence_best",
    "sentence_mean",
    "sentence_title",
    "usual",
    "usual_story",
    "above_stories",
    "rank_among_stories",
    "above_comment",
    "title_above_comment",
    "above_story",
    "rank_in_story",
    "rank_in_title",
    "sentences",
    "passages",
)
"""The numbers that `vector_features` returns, in this order; docs/reference/signals.md describes them."""


class Bank(NamedTuple):
    """Vectors of ordinary comments and of other stories: what is near by chance."""

    for_comments: type_of_floats
    """A comment is compared with these, shape (n, width)."""
    for_stories: type_of_floats
    """And a story with these, shape (m, width)."""
    passages: type_of_floats
    """Passages of other stories, story by story, shape (n, width)."""
    firsts: NDArray[np.intp]
    """Where each of these stories begins, rising from 0, shape (stories,)."""

    @classmethod
    def read(cls, bundle: Bundle) -> "Bank":
        """Return the bank of a bundle; raises ModelError when it is missing or damaged."""
        try:
            return cls.of(bundle.tensors(BANK))
        except (KeyError, ValueError) as error:
            raise ModelError(f"the bank of comments and stories cannot be read ({error}); {MEND}") from error

    @classmethod
    def of(cls, tensors: Mapping[str, NDArray[Any]]) -> "Bank":
        """Return the bank of its arrays; raises KeyError where one is missing, ValueError where one is empty."""
        if not all(len(tensors[name]) for name in cls._fields):
            raise ValueError("a part of it is empty")
        comments, stories, passages = (to_unit(tensors[name].astype(np.float32)) for name in cls._fields[:3])
        return cls(comments, stories, passages, tensors["firsts"].astype(np.intp))

    def without(self, *stories: int) -> "Bank":
        """Return the bank without some of its stories, by number: those that are compared. Raises nothing."""
        sizes = np.diff([*self.firsts, len(self.passages)])
        kept = np.delete(sizes, stories)
        dropped = np.isin(np.repeat(np.arange(len(sizes)), sizes), stories)
        return self._replace(passages=self.passages[~dropped], firsts=np.cumsum([0, *kept[:-1]]))


class Told(NamedTuple):
    """A story, or a comment that is answered, by what it means."""

    passages: type_of_floats
    """Title, standfirst and paragraphs (or the comment and its sentences), of length 1, shape (passages, width)."""
    head: int
    """How many of the passages are the title and the standfirst; at least 1."""
    centre: type_of_floats
    """The mean of the passages, of length 1."""
    usual: type_of_floats
    """The best cosine with any passage of each comment in the bank, rising."""
    usual_title: type_of_floats
    """The same with the first passage alone."""


def tell(passages: type_of_floats, head: int, bank: Bank) -> Told:
    """Return what there is to compare comments with; at least one passage is needed. Raises nothing."""
    cosines = bank.for_stories @ passages.T
    centre = to_unit(passages.mean(axis=0))
    return Told(passages, head, centre, np.sort(cosines.max(axis=1)), np.sort(cosines[:, 0]))


def vector_features(comment: Sense, told: Told, bank: Bank) -> list[float]:
    """Return the numbers named in VECTOR_FEATURES; cosines are in [-1, 1], ranks are logarithms of shares, at most 0.

    Raises nothing.
    """
    cosines = told.passages @ comment.whole
    best, title = float(cosines.max()), float(cosines[0])
    by_sentence = comment.parts @ told.passages.T
    by_chance = bank.for_comments @ comment.whole
    usual, spread = float(by_chance.mean()), _spread(by_chance)
    by_story = np.maximum.reduceat(bank.passages @ comment.whole, bank.firsts)
    return [
        best,
        float(np.sort(cosines)[-BEST_OF:].mean()),
        title,
        float(cosines[: told.head].max()),
        float(told.centre @ comment.whole),
        float(by_sentence.max()),
        float(by_sentence.max(axis=1).mean()),
        float(by_sentence[:, 0].max()),
        usual,
        float(by_story.mean()),
        (best - float(by_story.mean())) / _spread(by_story),
        _rank(np.sort(by_story), best),
        (best - usual) / spread,
        (title - usual) / spread,
        (best - float(told.usual.mean())) / _spread(told.usual),
        _rank(told.usual, best),
        _rank(told.usual_title, title),
        math.log(len(comment.parts)),
        math.log(len(told.passages)),
    ]


def nearest(comment: Sense, passages: type_of_floats, candidates: Sequence[int]) -> int:
    """Return which of the candidate passages (at least one) is nearest to a comment or one of its sentences."""
    places = list(candidates)
    cosines = passages[places] @ np.vstack((comment.whole, comment.parts)).T
    return places[int(cosines.max(axis=1).argmax())]


def _spread(values: type_of_floats) -> float:
    return max(float(values.std()), 1e-3)


def _rank(rising: type_of_floats, value: float) -> float:
    """Return the logarithm of the share of ordinary comments that come as near, itself counted among them."""
    above = len(rising) - int(np.searchsorted(rising, value))
    return math.log((above + 1) / (len(rising) + 1))
