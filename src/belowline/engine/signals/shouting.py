"""Whether a comment is written as if shouted: capitals or exclamation marks throughout."""

import re

from belowline.engine.decision import Score, Span
from belowline.engine.signals.base import Prepared
from belowline.engine.text.words import Word, find_words

MIN_RUN_WORDS = 3
"""Fewer words in capitals side by side are names, abbreviations or stress."""
MIN_LETTERS = 12
FULL_LETTERS = 30
"""From 12 letters in such runs on it begins to count, from 30 on fully."""
ISOLATED_WEIGHT = 0.25
MARKS_FOR_HALF = 10

_MARKS = re.compile(r"[!¡！](?:[\s?]{0,2}[!！1])+")


class ShoutingSignal:
    """`shouting`: the share of letters in runs of capitals, or the excess of exclamation marks; in [0, 1]."""

    name = "shouting"
    scores: tuple[str, ...] = ("shouting",)
    version = "shouting-1"

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return `shouting` with the longest run as its span. Raises nothing."""
        text = prepared.submission.text
        words = [word for word in find_words(text) if word.text.lower() != word.text.upper()]
        runs = _runs(words)
        capitals = _capitals_score(words, runs)
        marks, mark_spans = _marks_score(text)
        if capitals >= marks:
            longest = max(runs, key=lambda run: run[-1].end - run[0].start, default=[])
            places = [(longest[0].start, longest[-1].end)] if longest else []
        else:
            places = mark_spans
        value = max(capitals, marks)
        spans = tuple(Span(start, end, value, "shouting") for start, end in places) if value > 0.0 else ()
        return {"shouting": Score(value=value, spans=spans)}


def _runs(words: list[Word]) -> list[list[Word]]:
    """Return the runs of words in capitals; single capitals such as "I" and "A" neither break nor begin one."""
    runs: list[list[Word]] = []
    current: list[Word] = []
    for word in words:
        if len(word.text) == 1 and word.text.isupper():
            if current:
                current.append(word)
        elif word.text.isupper():
            current.append(word)
        elif current:
            runs.append(current)
            current = []
    return [*runs, current] if current else runs


def _capitals_score(words: list[Word], runs: list[list[Word]]) -> float:
    letters = sum(len(word.text) for word in words)
    loud = isolated = 0
    for run in runs:
        size = sum(len(word.text) for word in run)
        is_loud = sum(len(word.text) > 1 for word in run) >= MIN_RUN_WORDS
        loud, isolated = loud + size * is_loud, isolated + size * (not is_loud)
    if loud < MIN_LETTERS:
        return 0.0
    share = (loud + ISOLATED_WEIGHT * isolated) / letters
    damping = 0.6 + 0.4 * min((loud - MIN_LETTERS) / (FULL_LETTERS - MIN_LETTERS), 1.0)
    return share * damping


def _marks_score(text: str) -> tuple[float, list[tuple[int, int]]]:
    """Count exclamation marks beyond one in a row; 10 too many score 0.5, 15 score 0.6."""
    places = [(found.start(), found.end()) for found in _MARKS.finditer(text)]
    excess = sum(text.count("!", start, end) + text.count("！", start, end) - 1 for start, end in places)
    return excess / (excess + MARKS_FOR_HALF) if excess > 0 else 0.0, places
