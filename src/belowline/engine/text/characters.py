"""Which characters are marks, invisible, or look like Latin letters: tables of Unicode, made when first asked for."""

import re
import sys
import unicodedata
from functools import cache

from confusable_homoglyphs import confusables

INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Controls, soft hyphen, zero-width, direction marks, fillers, variation selectors, tags: as a character class."""

JOINERS = r"(?<![\u0600-\u1aff])[\u200c\u200d]"
"""Zero-width joiners, except after the scripts whose spelling needs them (Persian, Hindi, Sinhala ...)."""

OVERLAYS = "\u0334-\u0338\u0488\u0489\u20d0-\u20f0"
"""Marks that strike through or enclose a letter: as a character class."""

CJK = "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
"""Han, Hiragana, Katakana: as a character class."""

UNSPACED = CJK + "\u0e01-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1780-\u17d3"
"""Scripts written without blanks between words: CJK, Thai, Lao, Burmese, Khmer; as a character class."""

_LOOKALIKE_BLOCKS = (
    (0x0250, 0x02AF),  # IPA
    (0x0370, 0x058F),  # Greek, Cyrillic, Armenian
    (0x13A0, 0x167F),  # Cherokee, Canadian syllabics
    (0x1D00, 0x1DBF),  # small capitals
    (0x2C80, 0x2D7F),  # Coptic, Georgian supplement, Tifinagh
    (0xA4D0, 0xA4FF),  # Lisu
    (0xAB30, 0xABBF),  # Latin extended E, Cherokee supplement
)
_ALSO_ALIKE = {"к": "k", "т": "t", "м": "m", "в": "b", "н": "h"} | dict(
    zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)
)
"""Read as Latin among Latin letters, though not in the Unicode table."""
_LOOSELY_ALIKE = dict(zip("κχωγησςτεβпиялш", "kxwynoctebnnrnw", strict=True))
"""Read as Latin in words that mix scripts, which no spelling does."""
_MENDED = {"ӏ": "l"}
"""Where the Unicode table names another letter than the eye."""
_JAMO = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\ud7b0-\ud7fb\uff9e\uff9f\uffa1-\uffdc"


def _as_class(points: list[int]) -> str:
    """Write code points as ranges of a regular expression's character class."""
    ranges: list[list[int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


@cache
def _marks(categories: tuple[str, ...]) -> str:
    last = min(sys.maxunicode, 0x1FFFF)
    return _as_class([p for p in range(0x300, last) if unicodedata.category(chr(p)) in categories])


@cache
def cluster_pattern() -> re.Pattern[str]:
    """Return the pattern of a character with all that composition may join to it, or of a lone non-ASCII one."""
    joining = _marks(("Mn", "Mc", "Me"))
    return re.compile(
        f"[^{_JAMO}][{joining}]+|[\uac00-\ud7a3\u3041-\u30fa\uff66-\uff9d]?[{_JAMO}]+[{joining}]*|[^\\x00-\\x7f]",
        re.DOTALL,
    )


@cache
def mark_pattern() -> re.Pattern[str]:
    """Return the pattern of one combining mark that does not space."""
    return re.compile(f"[{_marks(('Mn', 'Me'))}]")


@cache
def pile_pattern() -> re.Pattern[str]:
    """Return the pattern of more marks on one letter than any spelling needs: 3 on an ASCII letter, 5 anywhere."""
    marks = _marks(("Mn", "Me"))
    return re.compile(f"(?<=[A-Za-z])[{marks}]{{3,}}|[{marks}]{{5,}}")


@cache
def lookalikes() -> dict[str, str]:
    """Return the letters of other scripts that look like one ASCII letter, each with that letter.

    Source: Unicode Technical Standard 39, confusables.txt, as packaged by confusable_homoglyphs.
    """
    found = dict(_ALSO_ALIKE)
    for letter, others in confusables.confusables_data.items():
        if len(letter) != 1 or not _in_blocks(ord(letter)):
            continue
        for other in others:
            latin = other["c"]
            if len(latin) == 1 and latin.isascii() and latin.isalpha():
                found[letter] = "I" if latin == "l" and letter.isupper() else latin
                break
    return found | _MENDED


@cache
def official_lookalikes() -> frozenset[str]:
    """Return the letters that look like a Latin one also outside a Latin word."""
    return frozenset(lookalikes()) - frozenset(_ALSO_ALIKE)


@cache
def loose_lookalikes() -> dict[str, str]:
    """Return `lookalikes` and the letters that are taken for Latin ones in words of mixed scripts alone."""
    return _LOOSELY_ALIKE | lookalikes()


@cache
def script_of(letter: str) -> str:
    """Return the first word of a letter's Unicode name, which is its script for the scripts that look alike."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _in_blocks(point: int) -> bool:
    return any(low <= point <= high for low, high in _LOOKALIKE_BLOCKS)
