"""Text as people read it, with a map from every character back to the original.

`normalise` undoes what the eye does not see; `skeleton` also undoes what it reads through. Both take time
linear in the length of the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from belowline.engine.text import characters

MAX_EXPANSION = 6
"""A character that NFKC would write with more characters than this stays as it is (U+FDFA gives 18)."""

_ODD = re.compile(rf"[{characters.INVISIBLE}]|{characters.JOINERS}|[^\S \n]|  | \n|\n |[´΄´`]")
_HIDDEN = re.compile(rf"[{characters.INVISIBLE}]+|{characters.JOINERS}")
_BLANKS = re.compile(r"\s{2,}|[^\S \n]")
"""Runs of white space that are not one blank or one newline already."""
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
    look Latin become Latin in a word that mixes scripts, or in one made wholly of them in an otherwise Latin text
    (Unicode Technical Standard 39); runs of white space become one blank, or their newlines. Raises nothing.
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
        elif any(letter >= "\u0250" and letter not in table for letter in word) and not _mixes_scripts(word):
            foreign += len(word)
        elif any(map(_is_latin, word)) or _mixes_scripts(word):
            latin += len(word)
            suspects.append((found.start(), word, True))
        elif len(word) > 1 and official.issuperset(word):
            suspects.append((found.start(), word, False))
    borrowed = sum(len(word) for _, word, is_mixed in suspects if not is_mixed)
    is_latin_text = not foreign and latin >= borrowed and latin > 0
    loose = characters.loose_lookalikes()
    for start, word, is_mixed in suspects:
        if is_mixed or is_latin_text:
            yield Edit(start, start + len(word), "".join(loose.get(letter, letter) for letter in word))


def _mixes_scripts(word: str) -> bool:
    """Say whether a word is of several scripts, and all its letters are Latin or may be taken for it."""
    loose = characters.loose_lookalikes()
    foreign = [letter for letter in word if letter >= "\u0250" and letter not in loose]
    scripts = {"LATIN" if _is_latin(letter) else characters.script_of(letter) for letter in word}
    return len(scripts) > 1 and all(map(_is_latin, foreign))


def _is_latin(letter: str) -> bool:
    """Say whether it is of the Latin script, phonetic letters and small capitals counted in."""
    return letter < "\u02b0" or "\u1d00" <= letter <= "\u1dbf" or letter in "ꜰꜱ"


# skeleton: what a reader sees through

_LEET = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "il"}
_LEET_IN_KNOWN = _LEET | {"2": "z", "6": "gb", "8": "b", "9": "g"}
"""The letters that figures and signs may stand for; the last four only where a known word or other signs say so."""
_LEET_SIGN = re.compile(r"[0-9@$!]")
_LEET_WORD = re.compile(r"[\w@$!]+")
_PLAIN_NUMBER = re.compile(
    r"[$@!]*\d+(?:st|nd|rd|th|s|am|pm|k|m|bn|b|km|kg|g|h|gb|mb|p|x|d|c|f|w|min|mph|er|e|º)?!*|[a-z]{1,2}\d{1,2}|\d+[a-z]\d+"
)
_NAMED_NUMBER = re.compile(r"[a-z]{1,2}\d+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}(\w?)")
_SPELT = re.compile(r"(?<![^\W_])[^\W\d_]([ .\-_*+~|/,·•]{1,3})(?:[^\W\d_]\1)+[^\W\d_](?![^\W_])")
_RUN = re.compile(r"(.)\1*", re.DOTALL)
_DOUBLED_AT_END = frozenset("lsfze")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[AI])(?<![A-Z][A-Z])(?=[A-Z][a-z]{2})")
_LETTERS = re.compile(r"[A-Za-z]+")
_MARKED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]|[\u0300-\u036f]")
_DISGUISES = (
    re.compile(r"[0-9@$](?<=[^\W\d_].)|[0-9@$!](?=[^\W\d_])"),
    re.compile(r"([^\W\d_])\1\1", re.IGNORECASE),
    _SPELT,
    re.compile(r"[A-Z](?:(?<=[a-z].)|(?<=\b[AI].)(?=[a-z]))"),
    _MARKED,
)
"""Each begins with what is rare in plain text, for they search every comment."""
_MOST_FORMS = 64
"""So many readings of one disguised word are looked up."""
_LONGEST_SPELT, _LONGEST_WORD = 40, 16
"""Longer runs of single letters are not cut into words; they are cut into words of at most so many letters."""


def skeleton(text: str, known: frozenset[str] = frozenset()) -> Normalised:
    """Return the normalised text without the disguises that readers see through, for comparing with words.

    Lower case (casefold); digits and signs for letters ("1d10t"), stretched letters ("soooo") and letters
    spelt apart ("i d i o t", "s.t.u.p.i.d") undone. Not for reading: "O2" may become "oz".

    With `known`, words of the text's language in lower case, a disguised word is read as one of them where it can be;
    then accents go too, and words run together ("YouIdiot", "y o u i d i o t") are taken apart. Raises nothing.
    """
    plain = normalise(text)
    if known and _MARKED.search(plain.text):
        plain = plain.edited(_unmark(plain.text))
    if known and _HUMP.search(plain.text):
        plain = plain.edited(_part(plain.text, known))
    folded = plain.text.casefold()
    # Folding never shortens, so texts of the same length match letter by letter.
    plain = plain.recased(folded) if len(folded) == len(plain.text) else plain.edited(_fold(plain.text))
    if _SPELT.search(plain.text):
        plain = plain.edited(_join(plain.text, known))
        if _FOREIGN.search(plain.text):
            plain = plain.edited(_latinise(plain.text))
    if _LEET_SIGN.search(plain.text):
        plain = plain.edited(_unleet(plain.text, known))
    if _STRETCHED.search(plain.text):
        plain = plain.edited(_shorten(plain.text, known))
    return plain


def is_disguised(text: str) -> bool:
    """Say whether a normalised text has anything that `skeleton` with known words might undo beside letter case."""
    return any(pattern.search(text) for pattern in _DISGUISES)


def _fold(text: str) -> Iterator[Edit]:
    return (
        Edit(place, place + 1, folded) for place, letter in enumerate(text) if (folded := letter.casefold()) != letter
    )


def _unmark(text: str) -> Iterator[Edit]:
    """Take the accents off Latin letters."""
    for found in _MARKED.finditer(text):
        bare = characters.mark_pattern().sub("", unicodedata.normalize("NFD", found[0]))
        if bare != found[0]:
            yield Edit(found.start(), found.end(), bare)


def _part(text: str, known: frozenset[str]) -> Iterator[Edit]:
    """Put blanks between words run together, each with a capital, where one of them is known and the whole is not."""
    for found in _LETTERS.finditer(text):
        word = found[0]
        if not _HUMP.search(word):
            continue
        parts = _HUMP.sub(" ", word).casefold().split()
        if word.casefold() not in known and any(len(part) > 2 and part in known for part in parts):  # noqa: PLR2004
            for hump in _HUMP.finditer(word):
                place = found.start() + hump.start()
                yield Edit(place - 1, place, text[place - 1] + " ")


def _join(text: str, known: frozenset[str]) -> Iterator[Edit]:
    """Join letters spelt apart, into several words where those are known and the whole is not."""
    for found in _SPELT.finditer(text):
        step = len(found[1]) + 1
        letters = found[0][::step]
        ends = _ends_of_words(letters, known) if len(letters) <= _LONGEST_SPELT else frozenset()
        for number, place in enumerate(range(found.start(), found.end() - 1, step), start=1):
            yield Edit(place + 1, place + step, " " if number in ends else "")


def _ends_of_words(letters: str, known: frozenset[str]) -> frozenset[int]:
    """Return where the fewest known words that make up the letters end; nothing where none do."""
    reached: dict[int, tuple[int, ...]] = {0: ()}
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - _LONGEST_WORD), end)
        ways = [reached[start] for start in starts if start in reached and _is_known(letters[start:end], known)]
        if ways:
            reached[end] = (*min(ways, key=len), end)
    return frozenset(reached.get(len(letters), ()))


def _is_known(word: str, known: frozenset[str]) -> bool:
    return word in known or (word[-1] == "s" and word[:-1] in known and len(word) > 3)  # noqa: PLR2004 - a plural


def _unleet(text: str, known: frozenset[str]) -> Iterator[Edit]:
    for found in _LEET_WORD.finditer(text):
        word = found[0].rstrip("!")
        if not _LEET_SIGN.search(word) or not any(map(str.isalpha, word)) or _PLAIN_NUMBER.fullmatch(word):
            continue
        read = _known_form([_LEET_IN_KNOWN.get(sign, sign) for sign in word], known)
        if not read and (_NAMED_NUMBER.fullmatch(word) or word.rstrip("0123456789") in known):
            continue
        table = _LEET_IN_KNOWN if known and sum(sign in _LEET for sign in word) > 1 else _LEET
        usual = "".join(table.get(sign, sign)[0] for sign in word)
        yield Edit(found.start(), found.start() + len(word), read or usual)


def _shorten(text: str, known: frozenset[str]) -> Iterator[Edit]:
    """Write a stretched letter once or twice: as a known word has it, or else as English mostly does."""
    for found in _WORD.finditer(text):
        if _STRETCHED.search(found[0]):
            runs = [(run[1], len(run[0])) for run in _RUN.finditer(found[0])]
            forms = [(sign, sign * 2) if times > 2 else (sign * times,) for sign, times in runs]  # noqa: PLR2004
            usual = _STRETCHED.sub(_usual, found[0])
            yield Edit(found.start(), found.end(), usual if usual in known else _known_form(forms, known) or usual)


def _known_form(choices: Iterable[Sequence[str]], known: frozenset[str]) -> str:
    """Return the first known word that takes one of the choices at each place, among _MOST_FORMS; or nothing."""
    forms = map("".join, islice(product(*choices), _MOST_FORMS))
    return next((form for form in forms if form in known), "") if known else ""


def _usual(found: re.Match[str]) -> str:
    letter, follower = found[1], found[2]
    is_double = letter in "eo" if follower else letter in _DOUBLED_AT_END
    return letter * (1 + is_double) + follower
