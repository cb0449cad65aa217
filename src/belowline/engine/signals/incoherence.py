"""Whether a comment can be read as words at all: keyboard noise, or nothing but signs."""

import re
import unicodedata

from belowline.engine.decision import Score, Span
from belowline.engine.signals.base import Prepared
from belowline.engine.text.words import Word, find_words

MIN_NOISE_LETTERS = 6
"""A shorter word may be an abbreviation or a name."""
SIGNS_FOR_HALF = 10
PICTURES_FOR_HALF = 25
SPREADS_FROM = 0.25
"""Where this share of the letters is noise, short words such as "asdf" are noise too."""
RARE_SHARE = 0.42
MIN_RARE = 3

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "qsdfghjklm", "1234567890")
_ROW_RUN = 5
_KEYS = frozenset(
    piece
    for row in _ROWS
    for line in (row, row[::-1])
    for piece in (line[place : place + _ROW_RUN] for place in range(len(line) - _ROW_RUN + 1))
    if not piece.isdigit()
)
_FOLLOWERS = (
    "a:oq b:cdfghkmnpqwxz c:bdfgjmnpqvwxz d:cfhjkpqtxz e:jz f:bcdghjkmnpqvwxz g:bcdfjkmpqvwxz h:bcdfghjkpqvwxz "
    "i:hijqwy j:bcdfghjklmnpqrstvwxyz k:bcdfgjkmqtvwxz l:hjnqxz m:dfghjklqrtvwxz n:qxz o:qz p:bcfgjkmnqvwxz "
    "q:abcdefghijklmnopqrstvwxyz r:jqxz s:djvxz t:dgjkqvxz u:hjquvwxz v:bcdfghjklmnpqrstuvwxyz "
    "w:bcdfgjkmpqtuvwxyz x:bdfghjklmnoqrsvwxyz y:dfghjkquvxyz z:bcdfghjklmnpqrstuvwxz"
)
_RARE = frozenset(entry[0] + letter for entry in _FOLLOWERS.split() for letter in entry[2:])
"""Pairs of letters that make up less than 1 in 20,000 of those in English comments (counted once a text)."""
_UNIT = re.compile(r"([a-z]{2,5}?)\1{2,}")
_LAUGHTER = re.compile(r"[hjaeioukxlmwrfbdnv]*")
_VOWEL = re.compile("[aeiou]")
_STRETCH = re.compile(r"(.)\1{2,}")


class IncoherenceSignal:
    """`incoherence`: the share of letters in words that nobody could read, in [0, 1]; or the pile of signs."""

    name = "incoherence"
    scores: tuple[str, ...] = ("incoherence",)
    version = "incoherence-1"

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return `incoherence` with the noise as spans. Raises nothing."""
        normalised = prepared.normalised
        words = [word for word in find_words(normalised.text) if any(map(str.isalnum, word.text))]
        if not words:
            value = _signs_score(normalised.text)
            return {"incoherence": Score(value=value)}
        noise = [word for word in words if is_noise(word.text)]
        letters = sum(len(word.text) for word in words)
        if sum(len(word.text) for word in noise) >= SPREADS_FROM * letters:
            noise = [word for word in words if is_noise(word.text) or _is_short_noise(word.text)]
        value = sum(len(word.text) for word in noise) / letters
        spans = tuple(self._span(prepared, word, value) for word in noise)
        return {"incoherence": Score(value=value, spans=spans)}

    @staticmethod
    def _span(prepared: Prepared, word: Word, value: float) -> Span:
        start, end = prepared.normalised.original_span(word.start, word.end)
        return Span(start, end, value, "incoherence")


def is_noise(word: str) -> bool:
    """Say whether a word of ASCII letters is keyboard noise: a row of keys, rare pairs of letters, a stammer.

    Words of other alphabets, with accents, and those below 6 letters never are. Raises nothing.
    """
    plain = word.casefold()
    if len(plain) < MIN_NOISE_LETTERS or not plain.isascii() or not plain.isalpha():
        return False
    if "qwerty" in plain or "azerty" in plain:
        return len(plain) > len("qwertys") + 2
    if any(plain[place : place + _ROW_RUN] in _KEYS for place in range(len(plain) - _ROW_RUN + 1)):
        return True
    short = _STRETCH.sub(r"\1", plain)
    if len(short) < MIN_NOISE_LETTERS:
        return False
    unit = _UNIT.search(short)
    if unit and len(unit[0]) * 2 > len(short) and not _LAUGHTER.fullmatch(unit[1]):
        return True
    rare = sum(short[place : place + 2] in _RARE for place in range(len(short) - 1))
    return rare >= MIN_RARE and rare >= RARE_SHARE * (len(short) - 1)


def _is_short_noise(word: str) -> bool:
    """Say whether a short word is a piece of a row of keys, or has no vowel and a rare pair."""
    plain = word.casefold()
    if len(plain) < 3 or not plain.isascii():  # noqa: PLR2004 - two letters are an abbreviation
        return False
    if any(plain in row or plain in row[::-1] for row in _ROWS):
        return True
    rare = sum(plain[place : place + 2] in _RARE for place in range(len(plain) - 1))
    return rare > 0 and not _VOWEL.search(plain)


def _signs_score(text: str) -> float:
    """Return how much a text without words is a pile, in [0, 1): one picture or a few signs are near 0."""
    pictures = signs = 0
    for letter in text:
        kind = unicodedata.category(letter)
        if kind == "So" or letter >= "\U0001f000":
            pictures += 1
        elif not letter.isspace():
            signs += 1
    return max(signs / (signs + SIGNS_FOR_HALF), pictures / (pictures + PICTURES_FOR_HALF))
