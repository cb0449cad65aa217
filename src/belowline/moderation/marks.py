"""Texts with the passages marked that a decision is about."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from belowline.moderation.shipped_words import in_present_language


class Segment(NamedTuple):
    """A piece of the text, and the titles of the rules that it is marked for."""

    text: str
    titles: tuple[str, ...]


def segments(text: str, reasons: Iterable[Mapping[str, Any]]) -> list[Segment]:
    """Cut a text where marked passages begin and end; joined, the pieces are the text again."""
    spans = [
        (max(0, reason["start"]), min(len(text), reason["end"]), in_present_language(reason["title"]))
        for reason in reasons
        if reason.get("start") is not None and reason.get("end") is not None
    ]
    cuts = sorted({0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    found = []
    for begin, stop in pairwise(cuts):
        titles = tuple(dict.fromkeys(title for start, end, title in spans if start <= begin and stop <= end))
        found.append(Segment(text[begin:stop], titles))
    return found
