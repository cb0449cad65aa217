"""Words of any script with their places, English stop words, and a light English stem."""

import re
from functools import lru_cache
from typing import NamedTuple

from belowline.engine.text.characters import CJK, UNSPACED

_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff"
    "\u0900-\u0963\u0971-\u0dff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\u200c\u200d"
)
_WORD = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])[^\W_]|(?<=\w)['’](?=[^\W\d_])|(?<=\S)[{_MARKS}])+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_VOWEL = re.compile("[aeiouy]")

STOP_WORDS = frozenset(
    """a about above after again against ain all also always am an and any anybody anyone anything are aren
    as at be because been before being below between both but by came can cannot come could couldn d did
    didn do does doesn doing don done down during each either else even ever every everybody everyone
    everything few for from further get gets getting give go goes going gone got had hadn has hasn have
    haven having he her here hers herself him himself his how however i if in indeed instead into is isn
    it its itself just know let like ll m made make makes many maybe me might mine more most much must
    my myself need neither never no nobody none nor not nothing now of off often oh ok on once one only
    onto or other others otherwise our ours ourselves out over own perhaps please put quite rather re
    really s said same say says see seem seems seen shall she should shouldn since so some somebody
    someone something sometimes still such sure t take than that the their theirs them themselves then
    there therefore these they thing things think this those though through thus to too two under until
    up upon us use used ve very want was wasn way we well went were weren what whatever when where
    whether which while who whole whom whose why will with within without won would wouldn yes yet you
    your yours yourself yourselves lol im dont cant wont didnt doesnt isnt wasnt thats youre theyre ive
    id u ur yeah yep nope good bad great agree right wrong true thanks thank exactly lot actually""".split()  # noqa: SIM905
)
"""English words that say nothing about a subject; lower case."""


class Word(NamedTuple):
    """A word as it stands in the text: code point offsets, end exclusive."""

    text: str
    start: int
    end: int


def find_words(text: str) -> list[Word]:
    """Return the words in order; in scripts without blanks every character counts as one. Raises nothing.

    Letters, digits and marks; an apostrophe between letters belongs to the word.
    """
    return [Word(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]


def terms(text: str) -> list[str]:
    """Return what the words of a text are compared by: stems in lower case, pairs of unspaced characters.

    In order, stop words left out, single letters too. Raises nothing.
    """
    found: list[str] = []
    before = ""
    for match in _WORD.finditer(text):
        word = match[0]
        if _UNSPACED.match(word):
            if before:
                found.append(before + word)
            before = word
            continue
        before = ""
        term = stem(word)
        if term:
            found.append(term)
    return found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return an English word without its commonest endings, in lower case; "" for a stop word or one letter.

    Plural, possessive, -ing, -ed, -ly and a final -e: after Porter 1980 (An algorithm for suffix stripping),
    steps 1a to 1c and 5a, simplified. Words that are not ASCII are only lower-cased. Raises nothing.
    """
    plain = word.casefold().replace("’", "'")
    head = plain.split("'", 1)[0]
    if plain in STOP_WORDS or head in STOP_WORDS or len(head) < 2:  # noqa: PLR2004 - one letter
        return ""
    if not head.isascii() or len(head) < 4:  # noqa: PLR2004 - too short to have an ending
        return head
    return _without_ending(_without_plural(head))


def _without_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties"
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 2 and _VOWEL.search(rest):  # noqa: PLR2004 - "king", "red"
            if ending != "ly" and rest[-1] == rest[-2] and rest[-1] not in "lsz":
                rest = rest[:-1]
            word = rest
            break
    if word.endswith("e") and len(word) > 3:  # noqa: PLR2004 - "tie"
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word  # noqa: PLR2004 - "sky"


def is_unspaced(text: str) -> bool:
    """Say whether a text holds a character of a script that is written without blanks."""
    return _UNSPACED.search(text) is not None


__all__ = ["CJK", "STOP_WORDS", "Word", "find_words", "is_unspaced", "stem", "terms"]
