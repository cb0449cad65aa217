"""Durations, shares and thresholds in everyday words, in the present language."""

import math
from collections.abc import Iterable
from datetime import timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, pgettext

from belowline.engine.policy import ABUSE_SCORES, TOPIC_SCORES

GRADED = frozenset({*ABUSE_SCORES, *TOPIC_SCORES, "other_language", "incoherence"})
"""Scores that say how sure the software is; the others count what they find."""
DOUBT, SOME, FAIRLY, VERY = 0.4, 0.6, 0.8, 0.95
MINUTES, HOURS = 90, 36
"""Up to here people count in minutes, and in hours."""


def duration(length: timedelta) -> str:
    """Return a length of time in round words: "4 minutes", "2 hours", "3 days"; at least a minute."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes < MINUTES:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    if hours < HOURS:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def seconds_or_less(milliseconds: int) -> str:
    """Return a short time in seconds: "2 seconds", "0.5 seconds"."""
    number = milliseconds / 1000
    shown = number_format(int(number) if number.is_integer() else number)
    return ngettext("%(number)s second", "%(number)s seconds", 1 if number == 1 else 2) % {"number": shown}


def share(value: float) -> str:
    """Return a share in [0, 1] as per cent, with as many places as small shares need: "0.62 %", "65 %"."""
    return _percent(round(100 * value, _places(100 * value)))


def bound(value: float) -> str:
    """Return an upper bound in [0, 1] as per cent, rounded up: what is said must hold."""
    step = 10 ** _places(100 * value)
    return _percent(math.ceil(round(100 * value * step, 6)) / step)


def _places(percent: float) -> int:
    return 0 if percent >= 10 else 1 if percent >= 1 else 2  # noqa: PLR2004 - about two digits that mean something


def _percent(number: float) -> str:
    return f"{number_format(int(number) if number == int(number) else number)}\N{NO-BREAK SPACE}%"


def threshold(value: float) -> str:
    """Return a threshold in [0, 1] exactly, as per cent: two different ones never look the same."""
    return _percent(round(100 * value, 10))


def sureness(score: str, value: float) -> str:
    """Return in words how sure the software must be for a threshold in [0, 1]; empty for what it only counts."""
    if score not in GRADED:
        return ""
    if value < DOUBT:
        return gettext("at the first sign of it")
    if value < SOME:
        return gettext("when in doubt")
    if value < FAIRLY:
        return gettext("when fairly sure")
    return gettext("when very sure") if value < VERY else gettext("when all but certain")


def section_words(section: str) -> str:
    """Return a section's name; "" stands for articles without one."""
    return section or gettext("articles without a section")


def desk_words(desk: str) -> str:
    """Return who reads what a rule holds or lists; empty where it is the moderators, as for all the rest."""
    return {"newsroom": gettext("our newsroom"), "corrections": gettext("our corrections desk")}.get(desk, "")


def causes_words(causes: tuple[str, ...]) -> str:
    """Return for which causes an unchecked rule is left aside; empty for none."""
    known = {
        "no_story": gettext("where software does not know the article"),
        "story_language_unsupported": gettext("where the article is in a language that software cannot judge"),
        "language_unsupported": gettext("where the comment is in a language that software cannot judge"),
    }
    return listed([known[cause] for cause in causes])


def listed(parts: list[str]) -> str:
    """Return parts joined for a sentence: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(parts)
    return gettext("%(first)s and %(last)s") % {"first": enumerated(parts[:-1]), "last": parts[-1]}


def enumerated(parts: Iterable[str]) -> str:
    """Return parts one after the other, with the language's own comma: "a, b, c"; empty for none."""
    pattern = pgettext("list", "%(first)s, %(last)s")
    first, *others = [*parts] or [""]
    for last in others:
        first = pattern % {"first": first, "last": last}
    return first
