"""Whether the same text was posted before."""

import re
from functools import lru_cache

from belowline.engine.decision import Score
from belowline.engine.signals.base import Prepared
from belowline.engine.text.fingerprint import shingles
from belowline.engine.text.words import find_words

MIN_WORDS = 8
"""Shorter texts are what people say: "I agree", "Well said, thank you"."""
MIN_SHINGLES_INSIDE = 20
"""A text pasted into a longer one counts from this many runs of three words on."""
WORDS = {
    "same_author": "a comment that you posted before",
    "same_thread": "a comment in this discussion",
    "elsewhere": "a comment under another article",
}
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


class RepetitionSignal:
    """`repetition`: how much of the text was posted before, in [0, 1]: 1 is the same text again."""

    name = "repetition"
    scores: tuple[str, ...] = ("repetition",)
    version = "repetition-1"

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return the highest likeness to an earlier comment; evidence says whose or where. Raises nothing."""
        earlier = prepared.submission.earlier
        text = _QUOTED_LINE.sub("", prepared.submission.text)
        if not earlier or len(find_words(text)) < MIN_WORDS:
            return {"repetition": Score(value=0.0)}
        own = shingles(text)
        best, relation = 0.0, ""
        for other in earlier:
            value = likeness(own, _earlier_shingles(other.text), may_be_inside=other.relation != "same_thread")
            if value > best:
                best, relation = value, other.relation
        return {"repetition": Score(value=best, evidence=WORDS.get(relation, ""))}


def likeness(own: frozenset[str], other: frozenset[str], *, may_be_inside: bool = False) -> float:
    """Return the Jaccard similarity of two sets of shingles, in [0, 1]; two empty sets have none.

    With `may_be_inside`, the share of `own` found in the other counts too, where both are long: the same text with
    something added. Broder 1997 (On the resemblance and containment of documents). Raises nothing.
    """
    common = len(own & other)
    if not common:
        return 0.0
    value = common / (len(own) + len(other) - common)
    if may_be_inside and min(len(own), len(other)) >= MIN_SHINGLES_INSIDE:
        value = max(value, common / len(own))
    return value


@lru_cache(maxsize=1_024)
def _earlier_shingles(text: str) -> frozenset[str]:
    return shingles(_QUOTED_LINE.sub("", text))
