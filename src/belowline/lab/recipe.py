"""Which source teaches which label, and how much: the recipe of words and letters.

Weights are per row. 1 is a comment judged by people who were asked for this very label; less is another
genre, a derived label, or writing that would blur a linear model. A pair that is absent is masked.
"""

from belowline.lab.datasets import LABELS, SOURCES

WEIGHTS: dict[str, dict[str, float]] = {
    "toxicity": {
        "jigsaw_wikipedia": 1.0, "wikiconv_cat": 1.0, "civil_spans": 1.0, "room_for_debate": 2.0,
        "madlibs_fuzzed_nonfuzzed": 1.0, "convabuse": 0.5, "own": 3.0,
    },
    "severe_toxicity": {
        "jigsaw_wikipedia": 1.0, "wikiconv_cat": 1.0, "civil_spans": 1.0, "room_for_debate": 2.0,
        "davidson": 0.3, "own": 0.5,
    },
    "insult": {
        "jigsaw_wikipedia": 1.0, "wikiconv_cat": 1.0, "civil_spans": 1.0, "room_for_debate": 2.0,
        "davidson": 0.3, "own": 1.0,
    },
    "profanity": {
        "jigsaw_wikipedia": 1.0, "wikiconv_cat": 1.0, "civil_spans": 1.0, "room_for_debate": 2.0, "gab": 0.3,
        "own": 1.0,
    },
    "threat": {
        "jigsaw_wikipedia": 1.0, "wikiconv_cat": 1.0, "civil_spans": 1.0, "room_for_debate": 2.0,
        "davidson": 0.5, "own": 3.0,
    },
    "identity_attack": {
        "jigsaw_wikipedia": 2.0, "wikiconv_cat": 1.0, "civil_spans": 3.0, "room_for_debate": 3.0,
        "measuring_hate": 0.7, "hatemoji_build": 0.7, "gab": 0.5, "davidson": 0.5, "dynahate": 0.15, "own": 3.0,
    },
    "sexually_explicit": {
        "jigsaw_wikipedia": 1.0, "wikiconv_cat": 1.0, "civil_spans": 1.0, "room_for_debate": 1.0, "gab": 0.7,
        "measuring_hate": 0.7, "own": 1.0,
    },
    "spam": {
        "youtube_spam": 1.0, "sms_spam": 0.3, "room_for_debate": 2.0, "civil_spans": 0.5, "wikiconv_cat": 0.3,
        "own": 1.0,
    },
}  # fmt: skip
"""Label → source → weight of a row. `own` are the sentences of `belowline.lab.sentences`."""

PASSAGE_WEIGHTS = {"room_for_debate": 1.0, "wikiconv_cat": 0.5, "jigsaw_wikipedia": 0.5}
"""Sources whose long ordinary rows are also learned from in passages; each weighs this share of a row."""

ORDINARY = ("wikiconv_cat", "jigsaw_wikipedia", "room_for_debate", "madlibs_fuzzed_nonfuzzed")
"""Sources of comments as they come, abusive or not."""
MOST_ASKED = 40_000
"""So many rows of every other source does the encoder read to teach the first stage."""
ASKED_WEIGHTS = {
    "wikiconv_cat": 3.0, "jigsaw_wikipedia": 2.0, "room_for_debate": 6.0, "madlibs_fuzzed_nonfuzzed": 1.0,
    "civil_spans": 0.5, "measuring_hate": 1.0, "dynahate": 1.5, "hatemoji_build": 1.0, "hatexplain": 1.0, "gab": 1.0,
    "davidson": 1.0, "implicit_hate": 1.0, "edos": 1.0, "convabuse": 1.0, "own": 2.0,
}  # fmt: skip
"""Source → how often the first stage learns from a window of it, in proportion."""

DOUBTFUL_BELOW = 0.5
DOUBT = 0.5
"""Rows of `civil_spans` below .5 count this much: the rating form let toxic comments through as not toxic."""


def sources(label: str, colours: frozenset[str]) -> dict[str, float]:
    """Return the sources with weights for a label, of the given colours; our own sentences are always in."""
    return {name: weight for name, weight in WEIGHTS[label].items() if name == "own" or SOURCES[name].colour in colours}


def all_sources(colours: frozenset[str]) -> tuple[str, ...]:
    """Return every source that any label uses, in a fixed order, without our own sentences."""
    used = {name for label in LABELS for name in sources(label, colours)}
    return tuple(name for name in SOURCES if name in used)
