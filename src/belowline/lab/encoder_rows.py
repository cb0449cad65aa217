"""What the encoder learns from: rows, how often each is drawn, how much each label weighs, and where abuse stands."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.text.normalise import normalise
from belowline.lab.augment import disguise, names_a_group, pad, swap_groups, unpunctuated
from belowline.lab.datasets import LABELS, SOURCES, Row, folds, read_source, read_terms
from belowline.lab.material import material_rows
from belowline.lab.sentences import own_rows
from belowline.lab.weak_labels import SexualTerms, derive_labels

SPAN_TYPES = ("any", "insult", "profanity", "threat", "identity_attack")
"""What the marks of raters say about a passage; `any` is every type together."""

DRAWS = {
    "jigsaw_wikipedia": 3.5, "wikiconv_cat": 1.5, "civil_spans": 3.0, "room_for_debate": 4.0, "dynahate": 1.5,
    "measuring_hate": 3.5, "hatemoji_build": 6.0, "gab": 0.7, "davidson": 1.0, "hatexplain": 0.4, "edos": 0.2,
    "convabuse": 1.5, "implicit_hate": 0.2, "madlibs_fuzzed_nonfuzzed": 3.0, "youtube_spam": 3.0, "sms_spam": 0.4,
    "own": 2.0,
}  # fmt: skip
"""How often a row of each source is drawn, in proportion."""

COMMENTS = {"jigsaw_wikipedia": 1.0, "wikiconv_cat": 1.0, "civil_spans": 1.0, "room_for_debate": 1.0}
WEIGHTS: dict[str, dict[str, float]] = {
    "toxicity": COMMENTS | {"madlibs_fuzzed_nonfuzzed": 1.0, "convabuse": 0.5, "davidson": 0.2, "own": 1.5},
    "severe_toxicity": COMMENTS | {"davidson": 0.3, "own": 0.7},
    "insult": COMMENTS | {"davidson": 0.3, "convabuse": 0.3, "own": 1.2},
    "profanity": COMMENTS | {"gab": 0.3, "own": 1.0},
    "threat": COMMENTS | {"davidson": 0.3, "own": 2.0},
    "identity_attack": COMMENTS
    | {
        "measuring_hate": 1.0, "hatemoji_build": 1.0, "dynahate": 1.0, "gab": 0.6, "davidson": 0.5, "hatexplain": 0.4,
        "edos": 0.4, "implicit_hate": 0.3, "own": 1.5,
    },
    "sexually_explicit": COMMENTS | {"gab": 0.5, "measuring_hate": 0.5, "own": 1.0},
    "spam": {
        "youtube_spam": 1.0, "sms_spam": 0.4, "room_for_debate": 1.0, "civil_spans": 0.5, "wikiconv_cat": 0.5,
        "jigsaw_wikipedia": 0.3, "own": 1.0,
    },
}  # fmt: skip
"""Label, source, weight of a row in the loss; a pair that is absent is masked."""

LABEL_WEIGHTS = np.array([1.0, 0.5, 1.0, 0.6, 1.5, 1.2, 0.5, 0.5], dtype=np.float32)
"""How much each label counts in the loss, in the order of LABELS."""

COMMENT_SOURCES = ("jigsaw_wikipedia", "wikiconv_cat", "room_for_debate", "madlibs_fuzzed_nonfuzzed", "own")
"""Sources that share one bias; every other source may say a label more or less readily by a bias of its own."""

SENTENCE = 40.0
"""How often one of our sentences in `material/` is drawn, its fillings together, in the same proportion."""

FILLINGS = 16
"""At most so many ways to fill the slots of one sentence."""

HELD_OUT = 20
"""One row in so many is kept apart, by its group: calibration, thresholds and reliability are taken from these."""


class Corpus(NamedTuple):
    """Rows with targets and weights, ready to be drawn from."""

    rows: list[Row]
    texts: list[str]
    """Each row's text as the engine normalises it."""
    targets: NDArray[np.float32]
    """Shape (rows, labels), in [0, 1]."""
    weights: NDArray[np.float32]
    """Shape (rows, labels); 0 masks."""
    source: NDArray[np.int64]
    """Number of the bias of each row: 0 for COMMENT_SOURCES."""
    draws: NDArray[np.float64]
    """How often a row is drawn, in proportion."""
    held_out: NDArray[np.bool_]
    marks: dict[int, NDArray[np.float32]]
    """Row number to the share of raters who marked each character of `texts`: shape (characters, span types)."""


def read_corpus(data: Path, colours: frozenset[str], *, seed: int = 0) -> Corpus:
    """Read all training sources of these colours and our own sentences.

    Raises:
        OSError: a file is missing.
    """
    names = [name for name in SOURCES if SOURCES[name].colour in colours]
    rows = [row for name in names for row in read_source(data, name)]
    sexual = SexualTerms([*read_terms(data, "surge"), *read_terms(data, "dsojevic")])
    for row in rows:
        if row.source == "civil_spans":
            mend_shares(row)
        if row.source == "convabuse" and "toxicity" in row.labels:
            row.labels.setdefault("insult", 0.0 if row.labels["toxicity"] == 0 else 1.0)
    rows += own_rows(seed=seed)
    for row in rows:
        derive_labels(row, sexual)
    rows += material_rows(each=FILLINGS, seed=seed)
    return build_corpus(rows, seed=seed)


def mend_shares(row: Row) -> None:
    """Correct the labels of `civil_spans` for raters who ticked both boxes and so could not mark anything.

    All its comments were called toxic by at least half of their first raters, so a share of 0 becomes .5; the other
    labels become shares of those raters who could mark.
    """
    raters = row.extra["raters"]
    able = raters["n"] - raters["both_boxes"]
    row.labels["toxicity"] = 0.5 + row.labels["toxicity"] / 2
    for label in ("insult", "profanity", "threat", "identity_attack"):
        if able <= 0:
            del row.labels[label]
        else:
            row.labels[label] = min(1.0, row.labels[label] * raters["n"] / able)


def build_corpus(rows: list[Row], *, seed: int = 0) -> Corpus:
    """Work out targets, weights and marks of rows whose weak labels are already there."""
    targets = np.zeros((len(rows), len(LABELS)), dtype=np.float32)
    weights = np.zeros_like(targets)
    numbers: dict[str, int] = {}
    source = np.zeros(len(rows), dtype=np.int64)
    draws = np.zeros(len(rows))
    texts, marks = [], {}
    for place, row in enumerate(rows):
        for column, label in enumerate(LABELS):
            if label in row.labels:
                targets[place, column] = row.labels[label]
                weights[place, column] = WEIGHTS[label].get(row.source, 0.0)
        if row.source not in COMMENT_SOURCES:
            source[place] = numbers.setdefault(row.source, len(numbers) + 1)
        due = SENTENCE * row.extra["share"] if "share" in row.extra else DRAWS[row.source]
        draws[place] = due if weights[place].any() else 0.0
        form = normalise(row.text)
        texts.append(form.text)
        if row.extra.get("spans") or row.source == "civil_spans":
            marks[place] = marks_of(row, [form.original_span(at, at + 1) for at in range(len(form.text))])
    held_out = folds(rows, HELD_OUT, seed=seed) == 0
    return Corpus(rows, texts, targets, weights * LABEL_WEIGHTS, source, draws, held_out, marks)


def marks_of(row: Row, places: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
    """Return the share of able raters who marked each character, by type; `places` are offsets into the original."""
    raters = row.extra["raters"]
    able = max(raters["n"] - raters["both_boxes"], 1)
    original = np.zeros((len(row.text) + 1, len(SPAN_TYPES)), dtype=np.float32)
    seen: dict[int, NDArray[np.bool_]] = {}
    for (start, end, kind), rater in zip(row.extra["spans"], row.extra["span_rater"], strict=True):
        if kind in SPAN_TYPES:
            original[start:end, SPAN_TYPES.index(kind)] += 1
        seen.setdefault(rater, np.zeros(len(original), dtype=bool))[start:end] = True
    for marked in seen.values():
        original[:, 0] += marked
    starts = np.array([start for start, _ in places], dtype=np.int64)
    shares: NDArray[np.float32] = np.minimum(original[starts] / able, 1.0) if len(starts) else original[:0]
    return shares


class Augmenter:
    """Changes a drawn text in ways that keep its labels; texts with marks stay as they are."""

    def __init__(self, corpus: Corpus, words: dict[str, float], seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - no cryptography
        self.words = words
        clean = (corpus.targets == 0).all(axis=1) & ~corpus.held_out
        ordinary = {"room_for_debate", "wikiconv_cat", "own"}
        self.harmless = [
            text
            for text, row, good in zip(corpus.texts, corpus.rows, clean, strict=True)
            if good and row.source in ordinary and row.labels.get("toxicity") == 0 and len(text) < 200  # noqa: PLR2004
        ]

    def change(self, text: str) -> str:
        """Return the text, changed in about four of ten draws."""
        draw = self.draw
        if draw.random() < 0.3 and names_a_group(text):  # noqa: PLR2004
            text = swap_groups(text, draw)
        chance = draw.random()
        if chance < 0.10:  # noqa: PLR2004
            return disguise(text, self.words, draw)
        if chance < 0.15:  # noqa: PLR2004
            return pad(text, self.harmless, draw)
        if chance < 0.19:  # noqa: PLR2004
            return unpunctuated(text)
        return text
