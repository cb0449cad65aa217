"""Which entries a queue of the desk shows, in which order, and why a comment stands where it stands."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from belowline.engine.policy import SCORE_NAMES
from belowline.moderation import risk
from belowline.moderation.queue_entries import QueueEntry, QueueEntrySet

Queue = QueueEntry.Queue
VIEWS = {
    "held": Q(queue=Queue.HELD),
    "unchecked": Q(queue=Queue.HELD, is_unchecked=True),
    "new": Q(queue=Queue.HELD, is_first=True),
}
"""What a moderator can work through card by card: all that is held, what could not be checked, new commenters."""
BY_RISK, NEWEST, OLDEST, BY_SCORE = "risk", "newest", "oldest", "score."
SCORE_ORDERS = tuple(f"{BY_SCORE}{name}" for name in SCORE_NAMES)
FACETS = ("site", "section", "language", "story", "rule")
MINUTES_AN_HOUR, HOURS_SAID = 60, 48


class Narrowed(NamedTuple):
    """What a moderator wants to see of a queue; empty: everything."""

    site: str = ""
    """Its key."""
    section: str = ""
    language: str = ""
    story: int | None = None
    rule: str = ""


class Factor(NamedTuple):
    """One of the three reasons why a comment comes when it does."""

    name: str
    words: str
    times: float
    """What the order multiplies by."""


def waiting_in(queue: str) -> QueueEntrySet:
    """Return what waits in a queue, in no order."""
    return QueueEntry.objects.filter(queue=queue)


def viewed(view: str, narrowed: Narrowed | None = None) -> QuerySet[QueueEntry]:
    """Return the entries of a view that a moderator wants to see, in no order.

    Raises:
        KeyError: there is no such view.
    """
    return QueueEntry.objects.filter(VIEWS[view]).filter(narrowing(narrowed or Narrowed()))


def narrowing(narrowed: Narrowed) -> Q:
    """Return the condition on entries of whatever queue that they are what a moderator wants to see."""
    wanted = {
        "site__key": narrowed.site,
        "section": narrowed.section,
        "language": narrowed.language,
        "story": narrowed.story,
        "rule": narrowed.rule,
    }
    return Q(**{name: value for name, value in wanted.items() if value})


def ordered(entries: QuerySet[QueueEntry], order: str = BY_RISK) -> QuerySet[QueueEntry]:
    """Put entries in order: `risk`, `newest`, `oldest`, or `score.NAME`, the highest first and the unmeasured last.

    An order that there is not is the order by risk.
    """
    if order == NEWEST:
        return entries.order_by("-waiting_since", "-id")
    if order == OLDEST:
        return entries.order_by("waiting_since", "id")
    if order in SCORE_ORDERS:
        measured = Cast(KT(f"values__{order.removeprefix(BY_SCORE)}"), FloatField())
        return entries.annotate(measured=measured).order_by(F("measured").desc(nulls_last=True), "-rank", "id")
    return entries.order_by("-rank", "id")


def why_here(entry: QueueEntry, now: datetime) -> list[Factor]:
    """Return the three factors of the order by risk, in words for a moderator."""
    waited = now - entry.waiting_since
    return [
        Factor("Risk of harm", f"{entry.risk:.0%}{_source(entry)}", entry.risk),
        Factor("Readers", _readers(entry.reach), risk.reach_factor(entry.reach)),
        Factor("Waiting", f"{spoken(waited)}; doubles every {spoken(risk.DOUBLED_EVERY)}", risk.waiting_factor(waited)),
    ]


def _source(entry: QueueEntry) -> str:
    """Say where the risk comes from."""
    score = risk.gravest_score(entry.values)
    if not score:
        return ": nothing could be measured"
    if entry.is_unchecked:
        return ": what could not be checked counts for half"
    return f", from {score.replace('_', ' ')} {entry.values[score]:.0%} x how grave it is"


def _readers(reach: int) -> str:
    if not reach:
        return "hardly anybody writes here"
    return f"about {reach:,} comment{'' if reach == 1 else 's'} a day under the article"


def spoken(time: timedelta) -> str:
    """Return a duration in everyday words: minutes (one at least), hours, or days."""
    minutes = max(1, round(time.total_seconds() / 60))
    if minutes < MINUTES_AN_HOUR:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    hours = round(minutes / MINUTES_AN_HOUR)
    if hours < HOURS_SAID:
        return f"{hours} hour{'' if hours == 1 else 's'}"
    return f"{round(hours / 24)} days"
