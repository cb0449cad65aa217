"""What a moderator had best do next: of all that waits, the most urgent, with the reason. Nothing here is hidden.

Everything that waits is measured as the queues measure it: risk of harm x readers reached x waiting time. What is in no
queue (notices, audits, a broken promise) is measured likewise, with a risk that stands here.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, sites_for, within
from belowline.comments.models import Comment
from belowline.moderation import risk
from belowline.moderation.audits import audits_for
from belowline.moderation.claims import worth_reading
from belowline.moderation.models import Decision
from belowline.moderation.notices import waiting_notices
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import Factor, why_here
from belowline.moderation.second_opinions import opinions_for
from belowline.moderation.watch import standings

NOTICE_RISK = 0.9
"""Somebody says that it is against the law, and whoever knows of it is liable."""
PROMISE_RISK = 0.3
AUDIT_RISK = 0.02
"""Nobody waits for it; without audits the promise is blind."""
PAUSE, PAUSE_AFTER = timedelta(minutes=10), timedelta(minutes=90)
"""Who decides for an hour and a half without ten minutes' pause is asked to have one."""
WATCHED = timedelta(hours=6)
STORY = "comment__story"


class Thing(NamedTuple):
    """Something to do."""

    kind: str
    """A queue, or `notices`, `promise`, `audit`, `pause` or `pick`."""
    rank: float
    """As of a queue's entry: the higher, the sooner."""
    waiting: int = 0
    """How many wait there."""
    since: datetime | None = None
    """Since when the one has waited that it is about."""
    entry: QueueEntry | None = None
    """The most urgent comment of the queue."""
    comment: Comment | None = None
    """For `pick`."""
    why: tuple[Factor, ...] = ()
    """The three factors, for what waits in a queue."""


def things_to_do(moderator: User, entries: QuerySet[QueueEntry], now: datetime) -> list[Thing]:
    """Return what there is to do for this moderator, the most urgent first; a pause before anything else.

    `entries` are those that they may see, or want to. Where nothing waits, a good comment to pick; else nothing.
    """
    found = [*_queues(entries, moderator, now), *_besides(moderator, now)]
    found.sort(key=lambda thing: -thing.rank)
    if not found and (comment := worth_reading(moderator)) is not None:
        found = [Thing("pick", float("-inf"), comment=comment)]
    if (began := stretch(moderator, now)) is not None and now - began >= PAUSE_AFTER:
        found.insert(0, Thing("pause", float("inf"), since=began))
    return found


def _queues(entries: QuerySet[QueueEntry], moderator: User, now: datetime) -> Iterator[Thing]:
    """Yield for each queue its most urgent comment that nobody else looks at; one's own comments are left to others."""
    open_ones = entries.exclude(comment__author=moderator)
    taken = QueueEntry.objects.claimed(now).exclude(claimed_by=moderator)
    free = open_ones.exclude(pk__in=taken.values("pk"))
    counts = dict(open_ones.order_by().values_list("queue").annotate(Count("pk")))
    for queue, count in counts.items():
        first = free.filter(queue=queue).order_by("-rank", "id").select_related("story").first()
        if first is not None:
            why = tuple(why_here(first, now))
            yield Thing(queue, first.rank, count, first.waiting_since, entry=first, why=why)


def _besides(moderator: User, now: datetime) -> Iterator[Thing]:
    """Yield what waits in no queue."""
    there = within(
        moderator, Action.DECIDE_NOTICE, waiting_notices(), site=f"{STORY}__site", section=f"{STORY}__section"
    )
    notices = there.order_by().aggregate(count=Count("pk"), since=Min("created_at"))
    if notices["count"]:
        yield Thing("notices", risk.rank(NOTICE_RISK, 0, notices["since"]), notices["count"], notices["since"])
    seen = set(sites_for(moderator, Action.SEE_INSIGHTS).values_list("pk", flat=True))
    if broken := [found for found in standings() if found.site.pk in seen]:
        yield Thing("promise", risk.rank(PROMISE_RISK, 0, now), len(broken))
    if asked := audits_for(moderator).count() + opinions_for(moderator, now).count():
        # Waiting adds nothing: an audit is as good tomorrow.
        yield Thing("audit", risk.rank(AUDIT_RISK, 0, now), asked)


def stretch(moderator: User, now: datetime | None = None) -> datetime | None:
    """Return since when a moderator has decided without ten minutes' pause; None: they are not at it."""
    moment = now or timezone.now()
    times = Decision.objects.filter(
        maker=Decision.Maker.PERSON, moderator=moderator, created_at__gte=moment - WATCHED, created_at__lte=moment
    ).order_by("-created_at")
    began = moment
    for later, earlier in pairwise([moment, *times.values_list("created_at", flat=True)]):
        if later - earlier >= PAUSE:
            break
        began = earlier
    return None if began == moment else began
