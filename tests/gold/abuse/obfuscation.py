"""Disguises that abusive writers put on their words, to measure whether the abuse model sees through them.

Each disguise is applied to given words of a text, wherever they stand as whole words and in any case; two of them,
``love_padding`` and ``upper_case``, act on the whole text. The same text, words and seed give the same result on each
run and each machine.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Sequence

ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")
"""Characters without width: space, non-joiner, joiner, word joiner, byte order mark."""

SOFT_HYPHEN = "\u00ad"
"""The hyphen that shows only where a line breaks."""

LEET = {"a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!", "l": "1", "o": "0", "s": "5$", "t": "7", "z": "2"}
"""What stands for a letter in leet writing; one of the characters is drawn."""

LOOK_ALIKES = {
    "a": "аα",
    "b": "Ь",
    "c": "сϲ",
    "d": "ԁ",
    "e": "еҽ",
    "g": "ɡ",
    "h": "һ",
    "i": "іι",
    "j": "ј",
    "k": "κк",
    "l": "ӏ",
    "m": "м",
    "n": "ո",
    "o": "оο",
    "p": "рρ",
    "q": "ԛ",
    "r": "г",
    "s": "ѕ",
    "t": "т",
    "u": "υ",
    "v": "ν",
    "w": "ԝω",
    "x": "хχ",
    "y": "уγ",
    "z": "ᴢ",
}
"""Cyrillic and Greek letters (Armenian and phonetic ones where those scripts have none) that look like Latin ones."""

MARKS = "\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0323\u0331"
"""Combining marks: grave, acute, circumflex, tilde, diaeresis, ring, caron, dot below, line below."""

LOVE = ("love", "love love", "lovely", "much love", "peace and love", "love you", "hugs")
"""Kind words put around a text to lower a score that counts words."""

DOTS = (".", "*", "-", "_")
"""What is put between the letters of a word by ``dotted``; one is drawn for each word."""

SHORTEST = 2
"""A word needs so many letters to be taken apart or joined."""


def _leet(word: str, draw: random.Random) -> str:
    """Write each letter that has a leet figure with that figure; a word that has none gets its last letter as ``*``."""
    done = "".join(draw.choice(LEET.get(letter.lower(), letter)) for letter in word)
    return done if done != word else word[:-1] + "*"


def _spaced(word: str, draw: random.Random) -> str:
    """Put a space between the letters."""
    return " ".join(word.replace(" ", ""))


def _dotted(word: str, draw: random.Random) -> str:
    """Put a dot, star, hyphen or low line between the letters, the same one throughout a word."""
    dot = draw.choice(DOTS)
    return " ".join(dot.join(part) for part in word.split())


def _look_alike(word: str, draw: random.Random) -> str:
    """Replace each Latin letter that has a look-alike of another script."""
    return "".join(draw.choice(LOOK_ALIKES.get(letter.lower(), letter)) for letter in word)


def _zero_width(word: str, draw: random.Random) -> str:
    """Put a character without width between the letters."""
    return word[0] + "".join(draw.choice(ZERO_WIDTH) + letter for letter in word[1:])


def _repeated_letters(word: str, draw: random.Random) -> str:
    """Write one letter of each word, a vowel where it has one, three to six times."""
    parts = []
    for part in word.split():
        places = [place for place, letter in enumerate(part) if letter.lower() in "aeiouy"]
        place = draw.choice(places or range(len(part)))
        parts.append(part[:place] + part[place] * draw.randint(3, 6) + part[place + 1 :])
    return " ".join(parts)


def _full_width(word: str, draw: random.Random) -> str:
    """Write the letters and figures in their full-width form."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in word)


def _diacritics(word: str, draw: random.Random) -> str:
    """Put a mark on each letter, composed to one character where there is one."""
    marked = "".join(letter + draw.choice(MARKS) if letter.isalpha() else letter for letter in word)
    return unicodedata.normalize("NFC", marked)


def _soft_hyphen(word: str, draw: random.Random) -> str:
    """Put a soft hyphen between the letters."""
    return SOFT_HYPHEN.join(word)


WORD_DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "leet": _leet,
    "spaced": _spaced,
    "dotted": _dotted,
    "look_alike": _look_alike,
    "zero_width": _zero_width,
    "repeated_letters": _repeated_letters,
    "full_width": _full_width,
    "diacritics": _diacritics,
    "soft_hyphen": _soft_hyphen,
}
"""The disguises that change a word by itself."""

NAMES = (*WORD_DISGUISES, "joined_words", "love_padding", "upper_case")
"""The names of all disguises."""


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Find any of the words as a whole word, the longest first, in any case."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in ordered) + r")(?!\w)", re.IGNORECASE)


def _joined(text: str, pattern: re.Pattern[str]) -> str:
    """Leave out the space on each side of the words; each word of the join begins with a capital."""
    beside = re.compile(r"(\w+ )?(" + pattern.pattern + r")( \w+)?", re.IGNORECASE)

    def join(found: re.Match[str]) -> str:
        return "".join(part[:1].upper() + part[1:] for part in found.group(0).split())

    return beside.sub(join, text)


def _padded(text: str, draw: random.Random) -> str:
    """Put kind words before and behind the text."""
    before = " ".join(draw.choice(LOVE) for _ in range(draw.randint(1, 3)))
    behind = " ".join(draw.choice(LOVE) for _ in range(draw.randint(2, 4)))
    return f"{before} {text} {behind}"


def _check(text: str, words: Sequence[str]) -> None:
    """Raise ValueError unless each of the words can be disguised in the text."""
    if not words:
        raise ValueError("no words to disguise")
    for word in words:
        if len(word.strip()) < SHORTEST:
            raise ValueError(f"too short to disguise: {word!r}")
        if not _pattern([word]).search(text):
            raise ValueError(f"does not occur in the text: {word!r}")


def disguises(text: str, words: Sequence[str], seed: int) -> dict[str, str]:
    """Give the text under each disguise, by the name of the disguise.

    Args:
        text: what is to be disguised.
        words: the words in it to disguise; each may hold spaces. They are found as whole words, in any case.
        seed: decides between the forms that a disguise can take.

    Returns:
        For each of ``NAMES`` the disguised text.

    Raises:
        ValueError: there are no words, or one is shorter than two letters or does not occur in the text.

    """
    _check(text, words)
    pattern = _pattern(words)
    result: dict[str, str] = {}
    for name, disguise in WORD_DISGUISES.items():
        draw = random.Random(f"{seed}:{name}")

        def change(
            found: re.Match[str],
            disguise: Callable[[str, random.Random], str] = disguise,
            draw: random.Random = draw,
        ) -> str:
            return disguise(found.group(0), draw)

        result[name] = pattern.sub(change, text)
    result["joined_words"] = _joined(text, pattern)
    result["love_padding"] = _padded(text, random.Random(f"{seed}:love_padding"))
    result["upper_case"] = text.upper()
    return {name: result[name] for name in NAMES}
