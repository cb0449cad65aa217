"""Where sentences begin and end."""

import re

_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "sr",
        "jr",
        "vs",
        "etc",
        "e.g",
        "i.e",
        "no",
        "vol",
        "approx",
        "dept",
        "est",
        "fig",
        "inc",
        "ltd",
        "co",
        "corp",
        "gen",
        "sen",
        "rep",
        "gov",
        "hon",
        "rev",
        "a.m",
        "p.m",
    ]
)
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』）]*|\n+")
_LAST_WORD = re.compile(r"([^\W_][\w.]*)$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the sentences as offsets in code points, end exclusive, without surrounding white space.

    In order and without overlap; together they hold every visible character. A full stop after a common
    English abbreviation or a single capital ends nothing. Raises nothing.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _STOP.finditer(text):
        if found[0] == "." and _is_abbreviation(text[max(start, found.start() - 20) : found.start()]):
            continue
        _add(spans, text, start, found.end())
        start = found.end()
    _add(spans, text, start, len(text))
    return spans


def _is_abbreviation(before: str) -> bool:
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word = found[1]
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper() and word != "I")


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    size = len(piece.strip())
    if size:
        spans.append((start + lead, start + lead + size))
