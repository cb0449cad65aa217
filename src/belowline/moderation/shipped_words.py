"""Words of the shipped policy and of the engine's explanations in the present language; a newsroom's own stay.

A policy is written in one language, and the engine explains in it: what it said about a comment is kept as it was
said. Where readers meet such words in another language, those that came with Belowline are looked up in the
catalogues: as they stand, or as a sentence with its gaps (the passage, what was found) filled.
"""

import re
from functools import cache
from typing import NamedTuple

from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from belowline.engine.explain import CAUSES, UNCHECKED, UNJUDGED
from belowline.engine.policy import load_policy
from belowline.moderation.languages import ENGLISH

GAP = re.compile(r"{(\w+)}")
LINKS = re.compile(r"(\d+) links?")
CHECKS_FAILED = gettext_noop("Checks not available")
"""The title of what is no rule: the engine failed."""
QUOTED = {"excerpt", "story"}
"""Gaps that hold what somebody wrote: they stay as they are."""


class Sentence(NamedTuple):
    """A sentence with gaps, and the pattern that finds it filled."""

    template: str
    pattern: re.Pattern[str]


def in_present_language(text: str) -> str:
    """Return words that came with Belowline in the present language; any other words as they are."""
    if not text or get_language() == ENGLISH:
        return text
    if text in plain_words():
        return gettext(text)
    for sentence in sentences():
        if found := sentence.pattern.fullmatch(text):
            gaps = {name: words if name in QUOTED else _found(words) for name, words in found.groupdict().items()}
            return _filled(gettext(sentence.template), gaps)
    return text


def _filled(template: str, gaps: dict[str, str]) -> str:
    return GAP.sub(lambda gap: gaps.get(gap[1], gap[0]), template)


@cache
def plain_words() -> frozenset[str]:
    """Return what has no gaps: titles, the rules in readers' words, the sentence, and causes."""
    policy = load_policy()
    found = {policy.sentence, CHECKS_FAILED, *CAUSES.values()}
    for rule in policy.rules.values():
        found |= {rule.title, rule.for_readers, rule.explanation}
    return frozenset(words for words in found if not GAP.search(words))


@cache
def sentences() -> tuple[Sentence, ...]:
    """Return the sentences with gaps, those with more words of their own first: they fit less by chance."""
    templates = {UNCHECKED, UNJUDGED, *(rule.explanation for rule in load_policy().rules.values())}
    gapped = sorted((one for one in templates if GAP.search(one)), key=lambda one: (-len(GAP.sub("", one)), one))
    return tuple(Sentence(one, _pattern(one)) for one in gapped)


def _pattern(template: str) -> re.Pattern[str]:
    parts = GAP.split(template)
    written = [re.escape(part) if place % 2 == 0 else f"(?P<{part}>.*)" for place, part in enumerate(parts)]
    return re.compile("".join(written), re.DOTALL)


def _found(words: str) -> str:
    """Return what the engine found, such as "4 links" or "a telephone number"; the name of a language, too."""
    if links := LINKS.fullmatch(words):
        count = int(links[1])
        return ngettext("%(count)d link", "%(count)d links", count) % {"count": count}
    return gettext(words) if words else ""
