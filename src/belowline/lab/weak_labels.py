"""Labels that no source gives, derived by rule. Each is an assumption; the model card repeats them.

* A comment that raters found not toxic at all has no insult, threat and so on either (`imply_zeros`).
* What was rated highly toxic and also threatens, swears or attacks a group is severely toxic
  (`imply_severe`).
* A text with an unmistakable term from the sexual part of two word lists is sexually explicit
  (`SexualTerms`).
* Comments collected for another purpose are not advertising (`assume_no_spam`).
"""

import re
from collections.abc import Iterable

from belowline.lab.datasets import Row, Term

SPAM_SOURCES = frozenset({"youtube_spam", "sms_spam"})
ENTAILED = ("severe_toxicity", "insult", "profanity", "threat", "identity_attack")
SEXUAL_CATEGORIES = frozenset({"sexual", "sexual anatomy / sexual acts"})
ORDINARY_WORDS = frozenset(
    (  # noqa: SIM905
        "fuck ass dick cock suck bitch whore slut bastard shit piss screw balls cunt bang head knob nut pussy "
        "prick hoe arse butt bum twat tit wank ho douche dip bone hump wood rear tail peter finger wang dong "
        "tart snatch playboy santorum bollock bollox bugger weiner pecker booty muff hooters mofo jerk blow "
        "crap queer homo gay dyke fag lesbian trans nigg lover weenie horn spunk rectum sphincter viagra nude "
        "nudity topless"
    ).split()
)  # fmt: skip
"""Swear words that mostly insult, and words with innocent meanings: alone they say nothing about sex."""
CRIME_STEMS = (  # noqa: SIM905
    "rape rapist raping molest pedo paedo incest grop sodom bestial domination bondage fist mother muth "
    "mutha spank lolita nambla shota kiddie jail child teen underage upskirt genital sex breast porn "
    "intercourse"
).split()
"""Words with which newspapers report crimes, health and law: they are doubtful too."""
SHORTEST_TERM = 4
LONGEST_TERM = 3
"""In words."""
ENOUGH_DOUBTFUL = 3
"""So many different doubtful terms together leave it open whether a text is sexual; fewer are swearing."""


def imply_zeros(row: Row) -> None:
    """Set to 0 what a toxicity of exactly 0 entails, where the source says nothing else."""
    if row.labels.get("toxicity") == 0.0:
        for label in ENTAILED:
            row.labels.setdefault(label, 0.0)


def imply_severe(row: Row) -> None:
    """Derive severe toxicity for rows that carry the other shares of raters but not this one.

    Toxicity of at least .8 with threat, profanity or identity attack of at least .5 counts as 1; toxicity
    below .5 as 0.
    """
    if "severe_toxicity" in row.labels or "toxicity" not in row.labels or "threat" not in row.labels:
        return
    worst = max(row.labels.get(label, 0.0) for label in ("threat", "profanity", "identity_attack"))
    if row.labels["toxicity"] >= 0.8 and worst >= 0.5:  # noqa: PLR2004 - explained above
        row.labels["severe_toxicity"] = 1.0
    elif row.labels["toxicity"] < 0.5:  # noqa: PLR2004 - as above
        row.labels["severe_toxicity"] = 0.0


def assume_no_spam(row: Row) -> None:
    """Set spam to 0 where the source says nothing: its raters were asked about abuse in ordinary comments."""
    row.labels.setdefault("spam", 0.0)


_WORD = re.compile(r"[^\W_]+")
_STEMS = (*CRIME_STEMS, *(word for word in ORDINARY_WORDS if len(word) >= SHORTEST_TERM))


class SexualTerms:
    """Marks texts as sexually explicit by the terms of word lists; unsure ones stay without the label."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.sure: set[str] = set()
        self.doubtful: set[str] = set()
        for entry in terms:
            if not SEXUAL_CATEGORIES & {entry.category, *entry.extra.get("categories", ())}:
                continue
            term = " ".join(_words(entry.term.replace("*", "")))
            words = {str(word) for word in entry.extra.get("canonical", ())} | set(term.split())
            unsure = len(term) < SHORTEST_TERM or any(_is_ordinary(word) for word in words)
            (self.doubtful if unsure else self.sure).add(term)
        self.sure -= self.doubtful

    def label(self, row: Row) -> None:
        """Add `sexually_explicit`: 1, 0, or nothing where the terms leave it open; a given label stays."""
        if "sexually_explicit" in row.labels:
            return
        passages = _passages(_words(row.text))
        if self.sure & passages:
            row.labels["sexually_explicit"] = 1.0
        elif len(self.doubtful & passages) < ENOUGH_DOUBTFUL:
            row.labels["sexually_explicit"] = 0.0


def _is_ordinary(word: str) -> bool:
    return word in ORDINARY_WORDS or word.startswith(_STEMS)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _passages(words: list[str]) -> set[str]:
    """Return every run of one to three words."""
    return {
        " ".join(words[start : start + length])
        for length in range(1, LONGEST_TERM + 1)
        for start in range(len(words) - length + 1)
    }


def derive_labels(row: Row, sexual: SexualTerms) -> None:
    """Add all weak labels to one row; our own sentences keep what they leave open."""
    imply_zeros(row)
    imply_severe(row)
    if row.source not in SPAM_SOURCES and row.source != "own":
        assume_no_spam(row)
        sexual.label(row)
