"""A moderator takes the next comment of a queue; for some minutes, nobody else gets it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere, within
from belowline.moderation.impartial import others_moderate
from belowline.moderation.queue_entries import CLAIM, QueueEntry, is_free

CANDIDATES = 20
"""So many moderators may stand in each other's way at the same moment."""
TRIES = 5
RENEWED_FROM = timedelta(minutes=3)
"""A claim that still lasts so long is left as it is: looking at a page twice writes nothing."""


def claim_comment(
    *, moderator: User, entries: QuerySet[QueueEntry], wanted: int | None = None, beside: Collection[int] = ()
) -> QueueEntry | None:
    """Claim an entry of these and return it: that of the `wanted` comment, or the first that nobody looks at.

    What the moderator had claimed is let go, but for the comments named `beside`. Where somebody else looks at the
    wanted comment, its entry comes back as it is: `is_with_another` says so. None: nothing is left for them.

    Raises:
        PermissionDenied: no moderator of anything.
    """
    require_somewhere(moderator, Action.DECIDE)
    entries = within(moderator, Action.DECIDE, entries, site="site", section="section")
    now = timezone.now()
    found = _wanted(entries, moderator, wanted, now) if wanted is not None else _first(entries, moderator, beside, now)
    kept = {*beside, *([found.comment_id] if found else [])}
    loose = QueueEntry.objects.filter(claimed_by=moderator).exclude(comment__in=kept)
    if ids := list(loose.values_list("pk", flat=True)):
        QueueEntry.objects.filter(pk__in=ids, claimed_by=moderator).update(claimed_by=None, claimed_until=None)
    return found


def _wanted(entries: QuerySet[QueueEntry], moderator: User, wanted: int, now: datetime) -> QueueEntry | None:
    entry = entries.filter(comment=wanted).first()
    if entry is None or _take(entry, moderator, now):
        return entry
    return entries.filter(pk=entry.pk).first()


def _first(entries: QuerySet[QueueEntry], moderator: User, beside: Collection[int], now: datetime) -> QueueEntry | None:
    """Claim the first that nobody else looks at; what the moderator has claimed already counts as free."""
    offered = entries.exclude(comment__in=beside)
    if offered.filter(comment__author=moderator).exists():
        offered = offered.exclude(comment__in=_left_to_others(offered, moderator))
    free = is_free(now) | Q(claimed_by=moderator)
    for _ in range(TRIES):
        candidates = list(offered.filter(free)[:CANDIDATES])
        for entry in candidates:
            if _take(entry, moderator, now):
                return entry
        if len(candidates) < CANDIDATES:
            return None
    return None


def _left_to_others(entries: QuerySet[QueueEntry], moderator: User) -> list[int]:
    """Return the moderator's own comments among these that somebody else could decide about."""
    own = entries.filter(comment__author=moderator).select_related("comment__story")
    return [entry.comment_id for entry in own if others_moderate({moderator.pk}, entry.comment)]


def _take(entry: QueueEntry, moderator: User, now: datetime) -> bool:
    """Claim one entry, in one statement; False: somebody was faster, or it is decided."""
    mine = entry.claimed_by_id == moderator.pk
    if mine and entry.claimed_until is not None and RENEWED_FROM < entry.claimed_until - now <= CLAIM:
        return True
    until = now + CLAIM
    with transaction.atomic():
        free = is_free(now) | Q(claimed_by=moderator)
        taken = QueueEntry.objects.filter(free, pk=entry.pk).update(claimed_by=moderator, claimed_until=until)
    if taken:
        entry.claimed_by, entry.claimed_until = moderator, until
    return bool(taken)
