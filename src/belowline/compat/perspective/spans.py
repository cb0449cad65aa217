"""Passages as the door names them: sentences, in UTF-16 code units."""

import math

from belowline.engine.text.sentences import sentence_spans

MOST_SPANS = 100
"""Longer texts have neighbouring sentences scored together, so that no text costs more than so many scorings."""


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 code units: characters beyond U+FFFF count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def passages(text: str) -> list[tuple[int, int]]:
    """Return the sentences as code point offsets, end exclusive; at most MOST_SPANS, in order."""
    found = sentence_spans(text)
    size = math.ceil(len(found) / MOST_SPANS)
    return [(group[0][0], group[-1][1]) for group in (found[at : at + size] for at in range(0, len(found), size or 1))]


def to_utf16(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans, in order and without overlap, in UTF-16 code units."""
    found, last, units = [], 0, 0
    for start, end in spans:
        begin = units + utf16_length(text[last:start])
        units = begin + utf16_length(text[start:end])
        last = end
        found.append((begin, units))
    return found
