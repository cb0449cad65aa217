"""Display names: any script, but no name that could be taken for another's.

After Unicode Technical Standard 39 (skeletons, mixed-script detection), with the confusables data of the
package confusable-homoglyphs.
"""

import re
import unicodedata
from functools import lru_cache

from confusable_homoglyphs import categories
from confusable_homoglyphs.confusables import confusables_data
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

MIN_CHARACTERS = 2
MAX_CHARACTERS = 40
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
MAX_KEY_CHARACTERS = 120
"""One letter may unfold into many: the key of 40 ligatures would be longer than its column."""
RESERVED = ("moderator", "moderation", "administrator", "newsroom", "belowline", "deletedaccount")
"""Wherever they stand in a name."""
RESERVED_WORDS = ("admin", "editor", "staff", "system")
"""As words: Stafford, Creditor and Badminton are names like others."""
ALLOWED_MARKS = frozenset(" .'’-_·")
INVISIBLE = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters and marks by Unicode's categories, and nothing to the eye."""
MIXABLE = (
    frozenset({"LATIN"}),
    frozenset({"HAN", "HIRAGANA", "KATAKANA", "LATIN"}),
    frozenset({"HAN", "BOPOMOFO", "LATIN"}),
    frozenset({"HAN", "HANGUL", "LATIN"}),
)
"""Scripts that occur together in honest names: UTS 39, "highly restrictive"."""


def clean_display_name(name: str) -> str:
    """Return the name as it is kept: NFC, blanks collapsed.

    Raises:
        ValidationError: too short or long, signs that are no letters, or scripts mixed to deceive.
    """
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not MIN_CHARACTERS <= len(clean) <= MAX_CHARACTERS:
        raise ValidationError(_length(), code="name_length")
    for character in clean:
        is_letter = unicodedata.category(character)[0] in "LMN" and character not in INVISIBLE
        if not is_letter and character not in ALLOWED_MARKS:
            shown = character if character.isprintable() and character not in INVISIBLE else "?"
            raise ValidationError(
                gettext("“%(shown)s” cannot stand in a name. Please use letters, digits, blanks, and . ' - _")
                % {"shown": shown},
                code="name_characters",
            )
    if not any(unicodedata.category(character)[0] == "L" for character in clean):
        raise ValidationError(gettext("Please use at least one letter."), code="name_letters")
    for word in clean.split():
        if not is_honest_mix(word):
            raise ValidationError(
                gettext("“%(word)s” mixes letters of several scripts that look alike. Please use one script in a word.")
                % {"word": word},
                code="name_mixed",
            )
    return clean


def is_honest_mix(word: str) -> bool:
    """Say whether the scripts of a word occur together in honest names."""
    scripts = frozenset(
        categories.alias(character).split("_")[0] for character in word if unicodedata.category(character)[0] == "L"
    )
    scripts = frozenset("HAN" if script == "CJK" else script for script in scripts) - {"COMMON", "INHERITED"}
    return len(scripts) <= 1 or any(scripts <= allowed for allowed in MIXABLE)


def name_key(name: str) -> str:
    """Return what two names that look alike have in common; unique among readers."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(
        _prototype(character)
        for character in folded
        if character.isalnum() or character in "|!" or _is_vowel_sign(character)
    )
    for pair, single in PAIRS:
        letters = letters.replace(pair, single)
    return (letters or folded)[:MAX_KEY_CHARACTERS]


def is_reserved(name: str) -> bool:
    """Say whether the name could be taken for the newsroom's own voice."""
    key = name_key(name)
    if any(name_key(word) in key for word in RESERVED):
        return True
    words = re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    keys = {key} | {name_key(form) for word in words for form in (word, word.strip("0123456789")) if form}
    reserved = {name_key(word) for word in RESERVED_WORDS}
    return not reserved.isdisjoint(keys | {word.removesuffix("s") for word in keys})


def _is_vowel_sign(character: str) -> bool:
    """Say whether a mark is a letter of its script, as in Devanagari or Thai, and no accent upon one."""
    is_mark = unicodedata.category(character)[0] == "M" and not unicodedata.combining(character)
    return is_mark and categories.alias(character) not in {"INHERITED", "COMMON"}


@lru_cache(maxsize=4096)
def _prototype(character: str) -> str:
    """Return the plainest character that looks like this one: ASCII letters before all others."""
    if character in "1|!i":
        return "l"
    if character == "0":
        return "o"
    alike = [entry["c"].casefold() for entry in confusables_data.get(character, ()) if len(entry["c"].casefold()) == 1]
    # The table is about shapes of either case; a digit or sign is no plainer than a letter.
    letters = [other for other in (character, *alike) if other.isalpha()]
    best = min(letters or [character], key=lambda other: (not other.isascii(), other))
    return "l" if best == "i" else best


def _length() -> str:
    limits = {"fewest": MIN_CHARACTERS, "most": MAX_CHARACTERS}
    return gettext("Please use %(fewest)d to %(most)d characters.") % limits
