"""Counts what happened on a site, day by day, from the rows of comments and decisions themselves."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import msgspec
from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.models import Decision
from belowline.moderation.premoderation import PREMODERATED, READ_FIRST
from belowline.stories.models import Site
from belowline.stories.places import in_place

Key = TypeVar("Key")
HOURS = 24
MICROSECOND = timedelta(microseconds=1)


class Counts(msgspec.Struct, array_like=True):
    """What happened under one story in one day."""

    written: dict[int, int] = msgspec.field(default_factory=dict)
    """Hour of the day, 0 to 23 -> comments written in it, whatever became of them."""
    machine: dict[str, int] = msgspec.field(default_factory=dict)
    """Outcome -> judgements of the machine, those of `read_first` too."""
    read_first: dict[str, int] = msgspec.field(default_factory=dict)
    """Code of premoderation -> judgements by which a comment waited for nothing else."""
    waits: list[tuple[int, int]] = msgspec.field(default_factory=list)
    """For each first decision of a person: the hour in which the comment was written, and its wait in microseconds."""
    holds: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    """Rule by which the machine had held -> how many of these people published, and refused."""


class Judged(msgspec.Struct, array_like=True):
    """What the machine measured on one site in one day."""

    decisions: dict[str, int] = msgspec.field(default_factory=dict)
    """Outcome -> judgements of the machine."""
    scores: dict[str, tuple[float, int]] = msgspec.field(default_factory=dict)
    """Name -> the sum of its values in [0, 1], and how many there are; the unchecked are left out."""


class Measured(msgspec.Struct):
    """Of a score as decisions keep it, what is summed."""

    value: float | None = None


SCORES = msgspec.json.Decoder(dict[str, Measured])


def midnight(day: date) -> datetime:
    """Return the moment with which a day begins, in the present time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def count_stories_by_day(site: Site, start: datetime, end: datetime) -> dict[tuple[int, date], Counts]:
    """Return what happened from `start` until before `end`, by story and day in the present time zone."""
    zone = timezone.get_current_timezone()
    found: dict[tuple[int, date], Counts] = defaultdict(Counts)
    for story, at in _written(site, start, end).values_list("story_id", "created_at").iterator():
        local = at.astimezone(zone)
        _add(found[story, local.date()].written, local.hour)
    for story, at, outcome, rule in _judged(site, start, end).iterator():
        counts = found[story, at.astimezone(zone).date()]
        _add(counts.machine, outcome)
        if rule in {PREMODERATED, READ_FIRST}:
            _add(counts.read_first, rule)
    for story, at, written_at, outcome, held_by in _first_decided(site, start, end).iterator():
        counts = found[story, at.astimezone(zone).date()]
        counts.waits.append((written_at.astimezone(zone).hour, (at - written_at) // MICROSECOND))
        if held_by is not None:
            published, refused = counts.holds.get(held_by, (0, 0))
            is_published = outcome == Decision.Outcome.PUBLISH
            counts.holds[held_by] = (published + is_published, refused + (not is_published))
    return dict(found)


def count_judged_by_day(site: Site, start: datetime, end: datetime) -> dict[date, Judged]:
    """Return what the machine decided and measured from `start` until before `end`, by day as above."""
    zone = timezone.get_current_timezone()
    found: dict[date, Judged] = defaultdict(Judged)
    rows = _by_machine(site, start, end).annotate(raw=Cast("scores", TextField()))
    for at, outcome, raw in rows.values_list("created_at", "outcome", "raw").iterator():
        day = found[at.astimezone(zone).date()]
        _add(day.decisions, outcome)
        for name, value in _values(raw):
            total, count = day.scores.get(name, (0.0, 0))
            day.scores[name] = (total + value, count + 1)
    return dict(found)


def first_decisions(site: Site, since: datetime) -> QuerySet[Decision]:
    """Return what people decided first about comments that had been held: what a wait ended with.

    Removals, undone decisions' repetitions and settled appeals are left out: nobody waited for them in the queue.
    Whoever only sent a comment to another desk decided nothing.
    """
    by_people = Decision.objects.filter(maker=Decision.Maker.PERSON).exclude(outcome=Decision.Outcome.HOLD)
    earlier = by_people.filter(comment=OuterRef("comment"), pk__lt=OuterRef("pk"))
    return (
        in_place(Decision.objects.filter(maker=Decision.Maker.PERSON, created_at__gte=since), "comment__story", site)
        .filter(undoes=None, settles=None)
        .filter(outcome__in=(Decision.Outcome.PUBLISH, Decision.Outcome.REJECT))
        .exclude(source=Decision.Source.REPORT)
        .exclude(Exists(earlier))
        .order_by()
    )


def _add(counts: dict[Key, int], key: Key) -> None:
    counts[key] = counts.get(key, 0) + 1


def _values(raw: str) -> Iterator[tuple[str, float]]:
    for name, score in SCORES.decode(raw).items():
        if score.value is not None:
            yield name, score.value


def _written(site: Site, start: datetime, end: datetime) -> QuerySet[Comment]:
    # Every status is named, so that the index over status and time serves.
    rows = Comment.objects.filter(status__in=Comment.Status.values, created_at__gte=start, created_at__lt=end)
    return in_place(rows, "story", site).order_by()


def _by_machine(site: Site, start: datetime, end: datetime) -> QuerySet[Decision]:
    rows = Decision.objects.filter(maker=Decision.Maker.ENGINE, created_at__gte=start, created_at__lt=end)
    return in_place(rows, "comment__story", site).order_by()


def _judged(site: Site, start: datetime, end: datetime) -> QuerySet[Decision, tuple[int, datetime, str, str]]:
    rule = Coalesce(KT("reasons__0__rule"), Value(""), output_field=CharField())
    rows = _by_machine(site, start, end).annotate(rule=rule)
    return rows.values_list("comment__story_id", "created_at", "outcome", "rule")


def _first_decided(
    site: Site, start: datetime, end: datetime
) -> QuerySet[Decision, tuple[int, datetime, datetime, str, str | None]]:
    """Return story, times of the decision and of the comment, outcome, and the rule that the machine had held by."""
    judged = Decision.objects.filter(
        comment=OuterRef("comment"), maker=Decision.Maker.ENGINE, outcome=Decision.Outcome.HOLD, pk__lt=OuterRef("pk")
    )
    newest = judged.order_by("-id").annotate(first=KT("reasons__0__rule")).values("first")[:1]
    rows = first_decisions(site, start).filter(created_at__lt=end).annotate(held_by=Subquery(newest))
    return rows.values_list("comment__story_id", "created_at", "comment__created_at", "outcome", "held_by")
