"""The site's own word lists: banned words, and words that a person should see."""

import itertools
import re
from functools import lru_cache
from typing import NamedTuple

from belowline.engine.decision import Score, Span
from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.text.normalise import Normalised, skeleton
from belowline.engine.text.words import Word, find_words, is_unspaced

MIN_STEM = 4
"""A shorter term takes only the plural: "ass" shall not find "assed"."""
MAX_ENDING = 4
START = 3
MOST_MASKED = 200
_ENDINGS = ("", "s", "es", "'s", "’s", "ed", "d", "ing", "in", "er", "ers", "est", "y", "ies")
_MASKED = re.compile(r"(?<![^\W_])[^\W\d_][^\W\d_*#_]{0,20}[*#_]{1,6}[^\W\d_*#_]{0,20}(?![^\W_])")
_AMBIGUOUS = re.compile(r"[1!|]")
_RUN = re.compile(r"(.)\1+")


class WordLists(NamedTuple):
    """The lists made ready: phrases by their first word, and terms of scripts without blanks."""

    phrases: dict[str, tuple[tuple[str, ...], ...]]
    """First word -> the whole phrases that begin with it; words are skeletons."""
    unspaced: re.Pattern[str] | None
    squeezed: dict[str, str]
    """Terms without blanks and doubled letters, with l as i -> the term."""
    singles: dict[tuple[str, int], tuple[str, ...]]
    """First letter and length -> single words."""
    starts: frozenset[str]
    """The first three letters of every first word and its plural: most words end here."""


class Hit(NamedTuple):
    """A term found: offsets in the original, end exclusive."""

    start: int
    end: int
    term: str


class WordListSignal:
    """`banned_word` and `watched_word`: 1 where the text holds a term of the list, else 0."""

    name = "word_list"
    scores: tuple[str, ...] = ("banned_word", "watched_word")
    version = "word-list-1"

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return both scores, a span for each hit, and the first term as evidence. Raises nothing."""
        settings = prepared.settings
        if not settings.banned_words and not settings.watched_words:
            return {name: Score(value=0.0) for name in self.scores}
        bare = skeleton(prepared.submission.text)
        banned, watched = _lists(settings)
        return {
            "banned_word": _score("banned_word", find_terms(bare, banned, prepared)),
            "watched_word": _score("watched_word", find_terms(bare, watched, prepared)),
        }


def compile_words(words: tuple[str, ...]) -> WordLists:
    """Make a list of words and phrases ready; they are literal, never patterns. Raises nothing."""
    phrases: dict[str, set[tuple[str, ...]]] = {}
    unspaced: list[str] = []
    for term in words:
        bare = skeleton(term).text
        if is_unspaced(bare):
            unspaced.append(bare.strip())
            continue
        tokens = tuple(word.text for word in find_words(bare))
        # "c++" has no more letters than "c": such a term would match too much.
        if tokens and (len(tokens) > 1 or len(tokens[0]) > 1 or tokens[0] == bare.strip()):
            phrases.setdefault(tokens[0], set()).add(tokens)
    literal = "|".join(re.escape(term) for term in sorted(unspaced, key=len, reverse=True) if term)
    singles: dict[tuple[str, int], tuple[str, ...]] = {}
    for first, found in sorted(phrases.items()):
        if (first,) in found:
            key = (first[0], len(first))
            singles[key] = (*singles.get(key, ()), first)
    return WordLists(
        phrases={first: tuple(sorted(found, key=len)) for first, found in phrases.items()},
        unspaced=re.compile(literal) if literal else None,
        squeezed={
            _squeeze("".join(phrase)): " ".join(phrase) for found in phrases.values() for phrase in sorted(found)
        },
        singles=singles,
        starts=frozenset((first + ending)[:START] for first in phrases for ending in ("", "s", "e", "'", "’")),
    )


def find_terms(bare: Normalised, lists: WordLists, prepared: Prepared | None = None) -> list[Hit]:
    """Return the terms that a skeleton holds, in order.

    Whole words with simple English endings; through disguise; in Chinese, Japanese, Thai and their like
    anywhere. With `prepared`, masked words ("f*ck") are looked for too. Raises nothing.
    """
    found: list[Hit] = []
    words = find_words(bare.text)
    source = prepared.submission.text if prepared else ""
    for place, word in enumerate(words):
        term = _phrase_at(words, place, lists)
        if term:
            found.append(Hit(*bare.original_span(word.start, words[place + len(term) - 1].end), " ".join(term)))
        elif source:
            low, high = bare.original_span(word.start, word.end)
            if hidden := _disguised(word.text, source[low:high], lists):
                found.append(Hit(low, high, hidden))
    if lists.unspaced:
        found += (
            Hit(*bare.original_span(one.start(), one.end()), one[0]) for one in lists.unspaced.finditer(bare.text)
        )
    if prepared:
        found += _masked(prepared.normalised, lists)
    return sorted(set(found))


def _phrase_at(words: list[Word], place: int, lists: WordLists) -> tuple[str, ...] | None:
    """Return the longest listed phrase that begins with this word or a form of it."""
    base = _base(words[place].text, lists)
    for phrase in reversed(lists.phrases.get(base, ()) if base else ()):
        following = words[place + 1 : place + len(phrase)]
        if len(following) + 1 == len(phrase) and all(
            _is_form(one.text, term) for one, term in zip(following, phrase[1:], strict=True)
        ):
            return phrase
    return None


@lru_cache(maxsize=16)
def _lists(settings: Settings) -> tuple[WordLists, WordLists]:
    return compile_words(settings.banned_words), compile_words(settings.watched_words)


def _score(name: str, hits: list[Hit]) -> Score:
    if not hits:
        return Score(value=0.0)
    spans = tuple(Span(hit.start, hit.end, 1.0, name) for hit in hits)
    return Score(value=1.0, spans=spans, evidence=hits[0].term)


def _base(word: str, lists: WordLists) -> str | None:
    """Return the listed word that this one is a form of."""
    if word in lists.phrases:
        return word
    if word[:START] not in lists.starts:
        return None
    for cut in range(1, min(MAX_ENDING, len(word) - 1) + 1):
        for stem in {word[:-cut], word[:-cut] + "e", word[: -cut - 1], word[:-cut] + "y"}:
            if stem in lists.phrases and _is_form(word, stem):
                return stem
    return None


def _is_form(word: str, term: str) -> bool:
    """Say whether a word is the term, perhaps with a simple English ending."""
    if word == term:
        return True
    if len(term) < MIN_STEM:
        return len(term) > 1 and word in (term + "s", term + "es", term + "'s", term + "’s")
    stems = {term, term + term[-1], term.removesuffix("e")} | ({term[:-1]} if term.endswith("y") else set())
    return any(word == stem + ending for stem in stems for ending in _ENDINGS if ending or stem == term)


def _disguised(word: str, original: str, lists: WordLists) -> str | None:
    """Return the term behind a stretched word ("asssshole"), a spelt one, or one with 1 or ! for l ("1oser")."""
    if len(word) == len(original) and not _AMBIGUOUS.search(original):
        return None
    return lists.squeezed.get(_squeeze(word))


def _squeeze(word: str) -> str:
    return _RUN.sub(r"\1", word.replace("l", "i"))


def _masked(normalised: Normalised, lists: WordLists) -> list[Hit]:
    """Return single words with signs for some letters: the same length, first and last letter shown."""
    found: list[Hit] = []
    for match in itertools.islice(_MASKED.finditer(normalised.text), MOST_MASKED):
        mask = match[0].casefold()
        likely = lists.singles.get((mask[0], len(mask)), ())
        if mask[-1] in "*#_" or not likely:
            continue
        pattern = re.compile("".join("." if letter in "*#_" else re.escape(letter) for letter in mask))
        term = next((one for one in likely if pattern.fullmatch(one)), None)
        if term:
            found.append(Hit(*normalised.original_span(match.start(), match.end()), term))
    return found
