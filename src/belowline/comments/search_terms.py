"""What somebody types into a search: words that must occur, "several in a row", beginnings (`moder*`), -without.

Databases find words by an index (search_index). Scripts that put no spaces between words have none to find by: a term
in one of these is looked for letter by letter, which reads every text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

TYPED = re.compile(r"""(?P<without>-?)(?:["“”„«](?P<row>[^"“”»]*)["“”»]?|(?P<word>[^\s"“”„«]+))""")
NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
MOST_TERMS = 20
"""More are not looked for."""


class Term(NamedTuple):
    """One thing to look for."""

    text: str
    """As it was typed, without its signs: one word, or several that follow one another."""
    is_beginning: bool = False
    """Whether words that only begin so are meant, too."""
    is_excluded: bool = False
    """Whether it must not occur."""

    @property
    def is_without_spaces(self) -> bool:
        """Whether its script puts no spaces between words, so that no index finds it."""
        return NO_SPACES.search(self.text) is not None


def read_terms(typed: str) -> list[Term]:
    """Return what to look for, at most 20 terms; signs without a letter or a digit look for nothing."""
    found: list[Term] = []
    for match in TYPED.finditer(typed):
        text = match["row"] if match["row"] is not None else match["word"]
        term = Term(text.strip().rstrip("*"), text.rstrip().endswith("*"), bool(match["without"]))
        if has_words(term.text) and term not in found:
            found.append(term)
    return found[:MOST_TERMS]


def has_words(text: str) -> bool:
    """Say whether there is a letter or a digit to look for."""
    return any(unicodedata.category(sign)[0] in "LN" for sign in text)


def passages(text: str, terms: Iterable[Term]) -> list[tuple[int, int]]:
    """Return where the terms stand in a text, as (start, end) of characters, in order and without overlaps.

    Accents and capitals make no difference, as in the index.
    """
    plain, places = _plain(text)
    spans = sorted(
        (places[found.start()], places[found.end() - 1] + 1)
        for term in terms
        if not term.is_excluded
        for found in re.finditer(_pattern(term), plain)
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _plain(text: str) -> tuple[str, list[int]]:
    """Return a text in small letters without accents, and for each of its characters the place it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for letter in _bare(sign):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _bare(signs: str) -> Iterator[str]:
    for letter in unicodedata.normalize("NFKD", signs.lower()):
        if not "\u0300" <= letter <= "\u036f":
            yield letter


def _pattern(term: Term) -> str:
    """Return the expression that finds a term in a plain text; its words may have any signs between them."""
    words = re.findall(r"\w+", "".join(_bare(term.text)).replace("_", " "))
    inner = r"[\W_]+".join(re.escape(word) for word in words)
    if term.is_without_spaces:
        return inner
    return rf"(?<![^\W_]){inner}" + ("" if term.is_beginning else r"(?![^\W_])")
