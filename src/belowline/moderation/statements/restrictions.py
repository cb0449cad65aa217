"""Which decisions restrict a comment, and from when until when: these have a statement of reasons.

A rejection and a removal restrict what their author may say. Holding does not yet: a person still decides. What a
moderator took back within the minute in which nobody is told counts as not done, and so does the taking back.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Prefetch
from django.utils import timezone

from belowline.moderation.models import Decision
from belowline.stories.models import Site

UNTOLD = timedelta(seconds=60)
"""So long after a decision its author is told; taken back before, it never acted. As notifications.subscribe.GRACE."""
RESTRICTING = (Decision.Outcome.REJECT, Decision.Outcome.REMOVE)
CHUNK = 500


class Restriction(NamedTuple):
    """A decision that restricts, with what came before it and what ended it."""

    decision: Decision
    before: tuple[Decision, ...]
    """The decisions about the same comment that counted, the oldest first."""
    ended_at: datetime | None
    """When another decision took its place; None: it stands."""


def restrictions(
    site: Site | None = None, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Restriction]:
    """Yield the restrictions decided in [since, until), the oldest first; the last minute is left out always."""
    settled = timezone.now() - UNTOLD
    until = min(until, settled) if until else settled
    history = Decision.objects.order_by("pk").defer("scores", "noted")
    found = (
        Decision.objects.filter(outcome__in=RESTRICTING, created_at__lt=until)
        .select_related("comment__story__site")
        .prefetch_related(Prefetch("comment__decisions", queryset=history, to_attr="all_decisions"))
        .defer("scores", "noted", "comment__text_source", "comment__body_html", "comment__story__body")
        .order_by("created_at", "pk")
    )
    if site is not None:
        found = found.filter(comment__story__site=site)
    if since is not None:
        found = found.filter(created_at__gte=since)
    for decision in found.iterator(chunk_size=CHUNK):
        if restriction := _restriction(decision, counting(decision.comment.all_decisions)):  # type: ignore[attr-defined] # the prefetch sets it
            yield restriction


def counting(history: Iterable[Decision]) -> list[Decision]:
    """Return the decisions about one comment, the oldest first, without those that were taken back untold."""
    found: list[Decision] = []
    for decision in history:
        undone = found[-1] if found else None
        if undone and decision.undoes_id == undone.pk and decision.created_at - undone.created_at <= UNTOLD:
            found.pop()
        else:
            found.append(decision)
    return found


def _restriction(decision: Decision, history: list[Decision]) -> Restriction | None:
    ids = [row.pk for row in history]
    if decision.pk not in ids:
        return None
    place = ids.index(decision.pk)
    later = history[place + 1] if place + 1 < len(history) else None
    return Restriction(decision, tuple(history[:place]), later.created_at if later else None)
