"""Which language a text is written in; never fails, and says how sure it is."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from belowline.engine.text.words import STOP_WORDS

COMMON = tuple(
    "en de fr es pt it nl sv da nb fi pl cs hu ro tr id vi ru uk bg ar fa hi".split()  # noqa: SIM905
)
"""The languages that are told apart besides the site's own; ISO 639-1. More would take more memory and err more."""

LIKELIER_THAN_NOT = 0.5
TOO_SHORT = 0.3
"""With less trust than this, a text counts as written in the site's first language."""
DIGITS = 9
"""Lingua adds its logarithms in an order that changes from call to call: digits behind these are chance."""
MAX_CHARACTERS = 600
"""A language shows in the first lines."""
ENGLISH_ALONE = ("en",)

_BY_SCRIPT = {
    "HEBREW": ("he", "yi"),
    "GREEK": ("el",),
    "HANGUL": ("ko",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "CJK": ("zh", "ja"),
    "THAI": ("th",),
    "GEORGIAN": ("ka",),
    "ARMENIAN": ("hy",),
    "BENGALI": ("bn", "as"),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "KANNADA": ("kn",),
    "MALAYALAM": ("ml",),
    "SINHALA": ("si",),
    "ETHIOPIC": ("am", "ti"),
    "KHMER": ("km",),
    "LAO": ("lo",),
    "MYANMAR": ("my",),
    "ARABIC": ("ar", "fa", "ur", "ps", "ku", "ug"),
    "CYRILLIC": ("ru", "uk", "bg", "sr", "mk", "be", "kk", "mn", "ky", "tg"),
    "DEVANAGARI": ("hi", "mr", "ne"),
}
"""The first word of a letter's Unicode name, and the languages written so, the commonest first."""
_TOLD_APART = frozenset({"LATIN", "ARABIC", "CYRILLIC", "DEVANAGARI"})
_NOISE = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|[@#]\w+|\b\w+\.(?:com|org|net)\b")
_LETTERS = re.compile(r"[^\W\d_]+")


class Guess(NamedTuple):
    """A language (ISO 639-1) and how sure that is, in [0, 1]."""

    code: str
    confidence: float


class Evidence(NamedTuple):
    """What was measured: a confidence for each language, and what to make of it."""

    found: dict[str, float]
    trust: float
    """In [0, 1]: whether the text is long enough."""
    foreign: float
    """In [0, 1]: below 1 where names or the site's own small words speak against another language."""

    def of_others(self, languages: Sequence[str]) -> float:
        """Return the confidence, in [0, 1], that the text is in none of these languages. Raises nothing."""
        others = sum(value for code, value in self.found.items() if code not in languages)
        return min(others, 1.0) * self.trust * self.foreign


def detect_language(text: str, languages: Sequence[str]) -> str:
    """Return the ISO 639-1 code of the text; the first of `languages` where nobody could tell.

    `languages` are the site's, the main one first. Raises nothing but IndexError when it is empty.
    """
    return guess_language(text, languages).code


def guess_language(text: str, languages: Sequence[str]) -> Guess:
    """Return the likeliest language with its confidence.

    A text too short to tell counts as the site's first language, with confidence 0.
    Raises nothing but IndexError when `languages` is empty.
    """
    evidence = language_confidences(text, tuple(languages))
    found = evidence.found
    if evidence.trust < TOO_SHORT:
        return Guess(languages[0], found.get(languages[0], 0.0) * evidence.trust)
    best = max(found, key=lambda code: found[code], default=languages[0])
    if best not in languages and evidence.of_others(languages) < LIKELIER_THAN_NOT:
        best = max(languages, key=lambda code: found.get(code, 0.0))
    return Guess(best, found.get(best, 0.0) * evidence.trust)


@lru_cache(maxsize=64)
def language_confidences(text: str, languages: tuple[str, ...]) -> Evidence:
    """Return a confidence in [0, 1] for each language, adding up to at most 1, and how far to trust them.

    The trust grows with the letters of different words: 0 up to 12, 1 from 55 on; other scripts than Latin show sooner.
    Latin, Arabic, Cyrillic and Devanagari texts are measured by lingua in its low-accuracy mode (trigrams); another
    script says by itself which language it is, and so do small words enough on a site in English alone. Raises nothing.
    """
    # One word said twenty times tells no more of its language than once: "idiot idiot idiot ..." is no Polish.
    letters = "".join(dict.fromkeys(_LETTERS.findall(_NOISE.sub(" ", text[:MAX_CHARACTERS]).lower())))
    script = _script(letters)
    if not letters:
        return Evidence({}, 0.0, 1.0)
    if script not in _TOLD_APART:
        candidates = _BY_SCRIPT.get(script, ())
        code = next((own for own in languages if own in candidates), candidates[0] if candidates else "und")
        return Evidence({code: 1.0}, _trust(len(letters), 3, 9), 1.0)
    if script != "LATIN":
        return Evidence(_measure(text[:MAX_CHARACTERS], languages), _trust(len(letters), 4, 16), 1.0)
    foreign = _looks_foreign(text[:MAX_CHARACTERS], languages)
    # Nothing that lingua could say would count, and it takes longer than all else that is read of most comments.
    is_told = not foreign and languages == ENGLISH_ALONE
    found = {"en": 1.0} if is_told else _measure(text[:MAX_CHARACTERS], languages)
    return Evidence(found, _trust(len(letters), 12, 55), foreign)


def _trust(letters: int, low: int, high: int) -> float:
    return min(max((letters - low) / (high - low), 0.0), 1.0)


def _script(letters: str) -> str:
    if letters.isascii():
        return "LATIN"
    counts = Counter(_script_of(letter) for letter in letters)
    if counts["HIRAGANA"] + counts["KATAKANA"] and counts["CJK"]:
        counts["HIRAGANA"] += counts.pop("CJK")
    return counts.most_common(1)[0][0] if counts else "LATIN"


@lru_cache(maxsize=8_192)
def _script_of(letter: str) -> str:
    return "LATIN" if letter.isascii() else unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]


def _looks_foreign(text: str, languages: tuple[str, ...]) -> float:
    """Return 1, or less where names or the site's own small words make another language unlikely."""
    words = _LETTERS.findall(_NOISE.sub(" ", text))
    factor = 1.0
    if "en" in languages:
        own = sum(word.lower() in STOP_WORDS for word in words) / max(len(words), 1)
        factor = min(max((0.4 - own) / 0.2, 0.0), 1.0)
    titled = sum(word.istitle() for word in words)
    return factor * (0.3 if titled > 0.6 * len(words) else 1.0)


def _measure(text: str, languages: tuple[str, ...]) -> dict[str, float]:
    values = _detector(languages).compute_language_confidence_values(_NOISE.sub(" ", text).lower())
    found: dict[str, float] = {}
    for one in values:
        code = one.language.iso_code_639_1.name.lower()
        found[code] = max(found.get(code, 0.0), round(one.value, DIGITS))
    return found


@lru_cache(maxsize=8)
def _detector(languages: tuple[str, ...]) -> LanguageDetector:
    codes = dict.fromkeys(code for code in (*languages, *COMMON) if code in _supported())
    return (
        LanguageDetectorBuilder.from_iso_codes_639_1(*(_supported()[code] for code in codes))
        .with_low_accuracy_mode()
        .build()
    )


@lru_cache(maxsize=1)
def _supported() -> dict[str, IsoCode639_1]:
    return {one.iso_code_639_1.name.lower(): one.iso_code_639_1 for one in Language.all()}


def is_supported(language: str) -> bool:
    """Say whether a language (ISO 639-1) can be told from others. Raises nothing."""
    return language in _supported() or any(language in codes for codes in _BY_SCRIPT.values())


@lru_cache(maxsize=256)
def language_name(code: str) -> str:
    """Return the English name of a language; the code itself where none is known. Raises nothing."""
    if code == "und":
        return "an unknown language"
    for one in Language.all():
        if one.iso_code_639_1.name.lower() == code:
            return "Norwegian" if code == "nb" else one.name.title()
    return _OTHER_NAMES.get(code, code)


_OTHER_NAMES = {
    "am": "Amharic",
    "kn": "Kannada",
    "km": "Khmer",
    "ku": "Kurdish",
    "lo": "Lao",
    "ml": "Malayalam",
    "my": "Burmese",
    "ne": "Nepali",
    "ps": "Pashto",
    "si": "Sinhala",
    "ug": "Uyghur",
}
