"""Text as people read it, with a map from every character back to the original.

`normalise` undoes what the eye does not see; `skeleton` also undoes what it reads through. Both take time
linear in the length of the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from belowline.engine.text import characters

MAX_EXPANSION = 6
"""A character that NFKC would write with more characters than this stays as it is (U+FDFA gives 18)."""

_ODD = re.compile(rf"[{characters.INVISIBLE}]|{characters.JOINERS}|[^\S \n]|  | \n|\n |[´΄´`]")
_HIDDEN = re.compile(rf"[{characters.INVISIBLE}]+|{characters.JOINERS}")
_BLANKS = re.compile(r"\s+")
_NEWLINES = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_OVERLAYS = re.compile(f"[{characters.OVERLAYS}]+")
_FOREIGN = re.compile(
    "[\u0250-\u02af\u0370-\u058f\u13a0-\u167f\u1d00-\u1dbf\u2c80-\u2d7f\ua4d0-\ua4ff\ua730\ua731\uab30-\uabbf]"
)
_WORD = re.compile(r"[^\W\d_]+")
_ACUTES = "´΄´"


class Edit(NamedTuple):
    """The characters from `start` to `end` (exclusive) become `text`."""

    start: int
    end: int
    text: str


class Normalised:
    """A text and, for each of its characters, the passage of the original that it stands for."""

    __slots__ = ("_ends", "_length", "_starts", "text")

    def __init__(self, text: str, length: int, starts: list[int] | None = None, ends: list[int] | None = None) -> None:
        self.text = text
        self._length = length
        self._starts = starts
        self._ends = ends

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the passage of the original that `text[start:end]` stands for.

        Offsets are code points, end exclusive; those outside the text are moved to its edges, and an
        end before the start counts as the start. An empty passage gives an empty one.
        """
        size = len(self.text)
        start = min(max(start, 0), size)
        end = min(max(end, start), size)
        if self._starts is None or self._ends is None:
            return start, end
        if start == end:
            place = self._starts[start] if start < size else self._length
            return place, place
        return self._starts[start], self._ends[end - 1]

    def recased(self, text: str) -> "Normalised":
        """Return another text of the same length with the same map."""
        return Normalised(text, self._length, self._starts, self._ends)

    def edited(self, edits: Iterable[Edit]) -> "Normalised":
        """Return the text with the edits made; they must be in order and must not overlap."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        own_starts: Sequence[int] = range(len(self.text)) if self._starts is None else self._starts
        own_ends: Sequence[int] = range(1, len(self.text) + 1) if self._ends is None else self._ends
        at = 0
        for low, high, text in edits:
            if at < low:
                pieces.append(self.text[at:low])
                starts += own_starts[at:low]
                ends += own_ends[at:low]
            if len(text) == high - low:
                starts += own_starts[low:high]
                ends += own_ends[low:high]
            elif text:
                starts += [own_starts[low]] * len(text)
                ends += [own_ends[high - 1]] * len(text)
            pieces.append(text)
            at = high
        if not pieces:
            return self
        pieces.append(self.text[at:])
        starts += own_starts[at:]
        ends += own_ends[at:]
        return Normalised("".join(pieces), self._length, starts, ends)


def normalise(text: str) -> Normalised:
    """Return the text as people read it: case, words and newlines kept.

    NFKC (Unicode Standard Annex 15); invisible characters and piles of marks are removed; letters that only
    look Latin become Latin inside a Latin word, or in a word made wholly of them in an otherwise Latin
    text (Unicode Technical Standard 39); runs of white space become one blank, or their newlines. Raises nothing.
    """
    plain = Normalised(text, len(text))
    if text.isascii():
        return plain if _ODD.search(text) is None else _settle_blanks(plain.edited(_remove(_HIDDEN, text)))
    if not _is_plain(text):
        plain = plain.edited(_remove(_HIDDEN, text))
        plain = plain.edited(_remove(characters.pile_pattern(), plain.text))
        plain = plain.edited(_compose(plain.text))
        plain = _settle_blanks(plain)
    if _FOREIGN.search(plain.text):
        plain = plain.edited(_latinise(plain.text))
        if not unicodedata.is_normalized("NFKC", plain.text):
            plain = plain.edited(_compose(plain.text))
    return plain


def _is_plain(text: str) -> bool:
    """Say whether only look-alikes could be left to do."""
    return (
        _ODD.search(text) is None
        and characters.mark_pattern().search(text) is None
        and unicodedata.is_normalized("NFKC", text)
    )


def _remove(pattern: re.Pattern[str], text: str) -> Iterator[Edit]:
    return (Edit(found.start(), found.end(), "") for found in pattern.finditer(text))


def _compose(text: str) -> Iterator[Edit]:
    """Bring each cluster of base and marks, and each lone non-ASCII character, into NFKC."""
    for found in characters.cluster_pattern().finditer(text):
        cluster = found[0]
        composed = _compose_cluster(cluster)
        if composed != cluster:
            yield Edit(found.start(), found.end(), composed)


def _compose_cluster(cluster: str) -> str:
    composed = unicodedata.normalize("NFKC", cluster)
    if len(cluster) == 1:
        if len(composed) > MAX_EXPANSION:
            return cluster
        if len(composed) > 1 and composed[0] == " ":
            # A spacing accent: NFKC would write a blank with a mark on it.
            return "'" if cluster in _ACUTES else cluster
        if composed == cluster:
            return cluster
    stripped = characters.pile_pattern().sub("", _OVERLAYS.sub("", composed))
    return composed if stripped == composed else unicodedata.normalize("NFKC", stripped)


def _settle_blanks(plain: Normalised) -> Normalised:
    return plain.edited(
        Edit(found.start(), found.end(), blank)
        for found in _BLANKS.finditer(plain.text)
        if (blank := "\n" * len(_NEWLINES.findall(found[0])) or " ") != found[0]
    )


def _latinise(text: str) -> Iterator[Edit]:
    """Turn look-alikes into the Latin letters that they imitate, word by word."""
    table = characters.lookalikes()
    official = characters.official_lookalikes()
    suspects: list[tuple[int, str, bool]] = []
    latin = foreign = 0
    for found in _WORD.finditer(text):
        word = found[0]
        if word.isascii() or _FOREIGN.search(word) is None:
            latin += len(word) if word[0] < "\u0250" else 0
        elif any(letter >= "\u0250" and letter not in table for letter in word):
            foreign += len(word)
        elif any(map(_is_latin, word)):
            latin += len(word)
            suspects.append((found.start(), word, True))
        elif len(word) > 1 and official.issuperset(word):
            suspects.append((found.start(), word, False))
    borrowed = sum(len(word) for _, word, is_mixed in suspects if not is_mixed)
    is_latin_text = not foreign and latin >= borrowed and latin > 0
    for start, word, is_mixed in suspects:
        if is_mixed or is_latin_text:
            yield Edit(start, start + len(word), "".join(table.get(letter, letter) for letter in word))


def _is_latin(letter: str) -> bool:
    """Say whether it is of the Latin script, phonetic letters and small capitals counted in."""
    return letter < "\u02b0" or "\u1d00" <= letter <= "\u1dbf" or letter in "ꜰꜱ"


# skeleton: what a reader sees through

_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_LEET_SIGN = re.compile(r"[013457@$!]")
_LEET_WORD = re.compile(r"[\w@$!]+")
_PLAIN_NUMBER = re.compile(
    r"[$@!]*\d+(?:st|nd|rd|th|s|am|pm|k|m|bn|b|km|kg|g|h|gb|mb|p|x|d|c|f|w|min|mph|er|e|º)?!*|[a-z]{1,2}\d+|\d+[a-z]\d+"
)
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}(\w?)")
_SPELT = re.compile(r"(?<![^\W_])[^\W\d_]([ .\-_*+~|/,·•]{1,3})(?:[^\W\d_]\1)+[^\W\d_](?![^\W_])")
_DOUBLED_AT_END = frozenset("lsfze")


def skeleton(text: str) -> Normalised:
    """Return the normalised text without the disguises that readers see through, for comparing with words.

    Lower case (casefold); digits and signs for letters ("1d10t"), stretched letters ("soooo") and letters
    spelt apart ("i d i o t", "s.t.u.p.i.d") undone. Not for reading: "O2" may become "oz". Raises nothing.
    """
    plain = normalise(text)
    folded = plain.text.casefold()
    # Folding never shortens, so texts of the same length match letter by letter.
    plain = plain.recased(folded) if len(folded) == len(plain.text) else plain.edited(_fold(plain.text))
    if _SPELT.search(plain.text):
        plain = plain.edited(_join(plain.text))
        if _FOREIGN.search(plain.text):
            plain = plain.edited(_latinise(plain.text))
    if _LEET_SIGN.search(plain.text):
        plain = plain.edited(_unleet(plain.text))
    if _STRETCHED.search(plain.text):
        plain = plain.edited(_shorten(plain.text))
    return plain


def _fold(text: str) -> Iterator[Edit]:
    return (
        Edit(place, place + 1, folded) for place, letter in enumerate(text) if (folded := letter.casefold()) != letter
    )


def _join(text: str) -> Iterator[Edit]:
    for found in _SPELT.finditer(text):
        step = len(found[1]) + 1
        for place in range(found.start(), found.end() - 1, step):
            yield Edit(place + 1, place + step, "")


def _unleet(text: str) -> Iterator[Edit]:
    for found in _LEET_WORD.finditer(text):
        word = found[0].rstrip("!")
        if _LEET_SIGN.search(word) and any(letter.isalpha() for letter in word) and not _PLAIN_NUMBER.fullmatch(word):
            yield Edit(found.start(), found.start() + len(word), word.translate(_LEET))


def _shorten(text: str) -> Iterator[Edit]:
    """Write a stretched letter once, or twice where English often doubles it."""
    for found in _STRETCHED.finditer(text):
        letter, follower = found[1], found[2]
        is_double = letter in "eo" if follower else letter in _DOUBLED_AT_END
        yield Edit(found.start(), found.end() - len(follower), letter * (1 + is_double))
