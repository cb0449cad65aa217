"""Live figures of a site: how long people wait by hour of the day, who settles what, and why comments are refused.

Everything is counted in the database, over the last 30 days, and kept for five minutes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from django.core.cache import cache
from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value, Window
from django.db.models.fields.json import KT
from django.db.models.functions import ExtractHour, RowNumber
from django.utils import timezone

from belowline.accounts.permissions import Action, people_who_may
from belowline.comments.models import Comment
from belowline.moderation.models import Decision
from belowline.moderation.premoderation import PREMODERATED, READ_FIRST
from belowline.moderation.queries import MIN_FOR_WAIT
from belowline.stories.models import Site
from belowline.stories.open_stories import count_stories

DAYS = 30
FRESH_SECONDS = 300
HOURS = 24
REFUSALS = (Decision.Outcome.REJECT, Decision.Outcome.REMOVE)


class HourWait(msgspec.Struct, frozen=True):
    """How long comments written in one hour of the day waited for a person."""

    hour: int
    """0 to 23, in the time zone of the pages."""
    decisions: int
    median: timedelta | None
    """None: fewer than five decisions, too few to say."""


class Refusals(msgspec.Struct, frozen=True):
    """How many comments were rejected or removed by one rule."""

    rule: str
    by_machine: int
    by_person: int

    @property
    def total(self) -> int:
        """Return both together."""
        return self.by_machine + self.by_person


class Figures(msgspec.Struct, frozen=True):
    """What happened on a site in the last days, and what is so now."""

    since: datetime
    days: int
    zone: str
    """The name of the time zone in which the hours are counted."""
    waits: tuple[HourWait, ...]
    """24 entries."""
    median: timedelta | None
    decided: int
    """Decisions by people that the medians are made of."""
    statuses: dict[str, int]
    """Comments of these days by where they stand now."""
    machine: dict[str, int]
    """Judgements of the engine by outcome; without what waited for pre-moderation alone."""
    premoderated: int
    """Comments in which the engine found nothing, and which waited because a moderator read each one first."""
    refusals: tuple[Refusals, ...]
    """The most frequent rule first."""
    waiting: int
    """Comments that wait for a person now."""
    moderators: int
    open_stories: int
    closed_stories: int
    premoderated_stories: int
    """Of the open ones: a moderator reads each comment before others can."""
    unjudged_topics: int
    """Open stories for which an editor has switched the topic check off."""

    @property
    def comments(self) -> int:
        """Return how many comments were written."""
        return sum(self.statuses.values())

    @property
    def is_mostly_at_once(self) -> bool:
        """Say whether the machine published more than half of the comments, what waited for no fault counted too."""
        return 2 * self.machine.get(Decision.Outcome.PUBLISH, 0) > sum(self.machine.values()) + self.premoderated

    @property
    def published(self) -> int:
        """Return how many of them everybody can read."""
        return self.statuses.get(Comment.Status.PUBLISHED, 0)

    @property
    def refused(self) -> int:
        """Return how many of them were rejected or removed."""
        return self.statuses.get(Comment.Status.REJECTED, 0) + self.statuses.get(Comment.Status.REMOVED, 0)

    @property
    def settled_share(self) -> float | None:
        """Return the share in [0, 1] of comments that no person had to decide; None: there were none."""
        judged = sum(self.machine.values())
        return (judged - self.machine.get(Decision.Outcome.HOLD, 0)) / judged if judged else None


def live_figures(site: Site) -> Figures:
    """Return the site's figures, at most five minutes old."""
    key = f"figures:{site.pk}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = count_figures(site, timezone.now())
        cache.set(key, found, FRESH_SECONDS)
    return found


def count_figures(site: Site, now: datetime) -> Figures:
    """Count everything anew, for the 30 days before `now`."""
    since = now - timedelta(days=DAYS)
    zone = timezone.get_current_timezone()
    decided = first_decisions(site, since)
    waits = wait_by_hour(decided, zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"))
    overall = _medians(decided.annotate(part=Value(0)), by=None).get(0)
    stories = count_stories(site, now)
    judged = _decisions(site, since).filter(maker=Decision.Maker.ENGINE)
    premoderated = judged.filter(reasons__0__rule__in=(PREMODERATED, READ_FIRST)).count()
    machine = _counts(judged, "outcome")
    if premoderated:
        machine[Decision.Outcome.HOLD] -= premoderated
    return Figures(
        since=since,
        days=DAYS,
        zone=str(zone),
        waits=waits,
        median=overall[1] if overall and overall[0] >= MIN_FOR_WAIT else None,
        decided=overall[0] if overall else 0,
        statuses=_counts(_comments(site).filter(created_at__gte=since), "status"),
        machine=machine,
        premoderated=premoderated,
        refusals=refusals_by_rule(site, since),
        waiting=_comments(site).filter(status=Comment.Status.HELD).count(),
        moderators=people_who_may(Action.DECIDE, site=site, section=None).count(),
        open_stories=stories.open,
        closed_stories=stories.closed,
        premoderated_stories=stories.premoderated,
        unjudged_topics=stories.unjudged_topics,
    )


def first_decisions(site: Site, since: datetime) -> QuerySet[Decision]:
    """Return what people decided first about comments that had been held: what a wait ended with.

    Removals, undone decisions' repetitions and settled appeals are left out: nobody waited for them in the queue.
    Whoever only sent a comment to another desk decided nothing.
    """
    by_people = Decision.objects.filter(maker=Decision.Maker.PERSON).exclude(outcome=Decision.Outcome.HOLD)
    earlier = by_people.filter(comment=OuterRef("comment"), pk__lt=OuterRef("pk"))
    return (
        _decisions(site, since)
        .filter(maker=Decision.Maker.PERSON, undoes=None, settles=None)
        .filter(outcome__in=(Decision.Outcome.PUBLISH, Decision.Outcome.REJECT))
        .exclude(source=Decision.Source.REPORT)
        .exclude(Exists(earlier))
    )


def wait_by_hour(decided: QuerySet[Decision], zone: ZoneInfo) -> tuple[HourWait, ...]:
    """Return, for each hour of the day in which comments were written, the median wait for a person."""
    found = _medians(decided.annotate(part=ExtractHour("comment__created_at", tzinfo=zone)), by=F("part"))
    rows = ((hour, *found.get(hour, (0, None))) for hour in range(HOURS))
    return tuple(HourWait(hour, many, median if many >= MIN_FOR_WAIT else None) for hour, many, median in rows)


def _medians(decided: QuerySet[Decision], by: F | None) -> dict[int, tuple[int, timedelta]]:
    """Return part -> (decisions, median wait). The database sorts; one or two rows a part come back."""
    wait = ExpressionWrapper(F("created_at") - F("comment__created_at"), output_field=DurationField())
    middle = (
        decided.annotate(wait=wait)
        .annotate(
            place=Window(RowNumber(), partition_by=by, order_by=[F("wait"), F("pk")]),
            many=Window(Count("pk"), partition_by=by),
        )
        # Whole-number division: the middle row of an odd number, the two middle rows of an even one.
        .filter(place__gte=(F("many") + 1) / 2, place__lte=F("many") / 2 + 1)
        .values_list("part", "many", "wait")
    )
    return _mean_by_part(middle)


def _mean_by_part(middle: Iterable[tuple[int, int, timedelta]]) -> dict[int, tuple[int, timedelta]]:
    waits: dict[int, list[timedelta]] = {}
    counts: dict[int, int] = {}
    for part, many, wait in middle:
        waits.setdefault(part, []).append(wait)
        counts[part] = many
    return {part: (counts[part], sum(found, timedelta()) / len(found)) for part, found in waits.items()}


def refusals_by_rule(site: Site, since: datetime) -> tuple[Refusals, ...]:
    """Return how often comments were refused by each rule (the gravest of each decision), the most frequent first.

    What was undone or overturned on appeal does not count.
    """
    rows = (
        _decisions(site, since)
        .filter(outcome__in=REFUSALS, undoes=None, undone_by=None)
        .exclude(appeal__state="overturned")
        .annotate(rule=KT("reasons__0__rule"))
        .values("rule")
        .annotate(
            by_machine=Count("pk", filter=Q(maker=Decision.Maker.ENGINE)),
            by_person=Count("pk", filter=Q(maker=Decision.Maker.PERSON)),
        )
        .values_list("rule", "by_machine", "by_person")
    )
    found = [Refusals(rule or "", by_machine, by_person) for rule, by_machine, by_person in rows]
    return tuple(sorted(found, key=lambda row: (-row.total, row.rule)))


def _counts(rows: QuerySet[Comment] | QuerySet[Decision], column: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(column).annotate(Count("pk")))


def _comments(site: Site) -> QuerySet[Comment]:
    return Comment.objects.filter(story__site=site)


def _decisions(site: Site, since: datetime) -> QuerySet[Decision]:
    # Every maker is named, so that the index over maker and time serves.
    rows = Decision.objects.filter(maker__in=Decision.Maker.values, created_at__gte=since)
    return rows.filter(comment__story__site=site).order_by()
