"""What a comment is, where it is not about the subject itself: a message to the newsroom, a correction, a paste ..."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle
from belowline.engine.models.sentences import Sense, type_of_floats
from belowline.engine.text.words import find_words

HEADS = "kinds.safetensors"
LEARNED = (
    "personal_story",
    "comparison",
    "about_this_reporting",
    "correction",
    "about_moderation",
    "product_feedback",
    "insubstantial",
)
"""The kinds that a head on the sentence vectors tells, in the order of its rows."""
KIND_SCORES = ("about_moderation", "product_feedback", "correction", "insubstantial", "copy_paste")
"""The kinds that a rule of a policy may look at."""
KIND_FROM = 0.5
"""A kind is named from this likelihood on."""
SOLE = frozenset({"about_this_reporting", "about_moderation", "product_feedback", "insubstantial"})
"""The whole comment must be of these kinds; of the others a sentence is enough."""
LONG_RUN = 12
"""Words in a row that also stand in the article: from so many on a comment has pasted them."""
MOST_SUBSTANCE = 8
"""From so many different content words on nothing is insubstantial."""
ABOUT_COMMENTS = re.compile(r"\b(?:moderat\w+|comments?|commenters?|comment sections?|trolls?)\b", re.IGNORECASE)
ENOUGH_ABOUT_COMMENTS = 5
"""A story that speaks of comments or moderation so often is about them."""


class Kinds(NamedTuple):
    """Likelihoods in [0, 1] of what a comment is."""

    likely: Mapping[str, float]
    """Of each kind in LEARNED, and of `copy_paste`."""

    @property
    def kind(self) -> str:
        """The likeliest kind, or `substantive` where none is likely."""
        name = max(self.likely, key=self.likely.__getitem__)
        return name if self.likely[name] >= KIND_FROM else "substantive"


class KindHeads(NamedTuple):
    """A logistic model for each kind in LEARNED, on sentence vectors."""

    weights: type_of_floats
    """Shape (kinds, width)."""
    biases: type_of_floats

    @classmethod
    def read(cls, bundle: Bundle, width: int) -> "KindHeads":
        """Return the heads of a bundle; raises ModelError when they are missing or made for other vectors."""
        try:
            tensors = bundle.tensors(HEADS)
            found = cls(tensors["weights"].astype(np.float32), tensors["biases"].astype(np.float32))
        except KeyError as error:
            raise ModelError(f"the heads for kinds of comments cannot be read ({error}); {MEND}") from error
        if found.weights.shape != (len(LEARNED), width) or found.biases.shape != (len(LEARNED),):
            raise ModelError(f"the heads for kinds of comments do not fit the sentence vectors; {MEND}")
        return found

    def likely(self, comment: Sense) -> dict[str, float]:
        """Return how likely the comment is of each kind in LEARNED, in [0, 1]. Raises nothing."""
        rows = np.vstack((comment.whole, comment.parts)) @ self.weights.T + self.biases
        odds = 1 / (1 + np.exp(-rows.astype(np.float64)))
        return {name: float(odds[0, at] if name in SOLE else odds[:, at].max()) for at, name in enumerate(LEARNED)}


class Article(NamedTuple):
    """What the kinds need to know of a story, computed once."""

    runs: frozenset[tuple[str, ...]]
    """Every LONG_RUN words in a row, within its passages."""
    is_about_comments: bool

    @classmethod
    def read(cls, passages: Sequence[str]) -> "Article":
        """Read a story's passages. Raises nothing."""
        runs = frozenset(run for passage in passages for run in _runs(_plain(passage)))
        told = sum(len(ABOUT_COMMENTS.findall(passage)) for passage in passages)
        return cls(runs, told >= ENOUGH_ABOUT_COMMENTS)


def find_kinds(heads: KindHeads, comment: Sense, text: str, article: Article, substance: int) -> Kinds:
    """Return what a comment is; `substance` counts its different content words. Raises nothing.

    A story about comments or moderation makes talk about moderation part of the subject: then it is no kind of its own.
    """
    likely = heads.likely(comment)
    if article.is_about_comments:
        likely["about_moderation"] = 0.0
    likely["insubstantial"] *= max(0.0, 1 - substance / MOST_SUBSTANCE)
    return Kinds(likely | {"copy_paste": pasted_share(text, article)})


def pasted_share(text: str, article: Article) -> float:
    """Return the share in [0, 1] of a text's words that stand, LONG_RUN or more in a row, in the article too.

    A quotation of a sentence or two with words of one's own stays low. Raises nothing.
    """
    words = _plain(text)
    covered = np.zeros(len(words), dtype=bool)
    for at, run in enumerate(_runs(words)):
        if run in article.runs:
            covered[at : at + LONG_RUN] = True
    return float(covered.mean()) if words else 0.0


def _plain(text: str) -> list[str]:
    return [word.text.casefold() for word in find_words(text)]


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + LONG_RUN]) for at in range(len(words) - LONG_RUN + 1)]
