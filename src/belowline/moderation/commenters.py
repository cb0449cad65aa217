"""What is known of a commenter: what became of their comments, by which rules, and how right their reports were."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, TruncWeek
from django.utils import timezone

from belowline.accounts.models import User
from belowline.comments.models import Comment, Pick
from belowline.engine.policy import TOPIC_SCORES
from belowline.moderation.models import Appeal, Decision, Report

Status = Comment.Status
REFUSED = (Status.REJECTED, Status.REMOVED)
WAITING = (Status.HELD, Status.PENDING)
WEEKS = 26


class CommenterRecord(NamedTuple):
    """What became of somebody's comments."""

    published: int
    refused: int
    """Rejected or removed for more than their topic."""
    off_topic: int
    """Rejected or removed for their topic alone: no mark against anybody."""
    waiting: int
    deleted: int
    recommended: int
    picked: int
    overturned: int
    """Decisions that were changed after an appeal."""
    first_at: datetime | None
    last_at: datetime | None

    @property
    def decided(self) -> int:
        """Return how many were published or refused for more than their topic."""
        return self.published + self.refused

    @property
    def published_share(self) -> float | None:
        """Return the share of these that is published, in [0, 1]; None: there are none."""
        return self.published / self.decided if self.decided else None


class RuleCount(NamedTuple):
    """By which rule how many comments were refused."""

    title: str
    comments: int


class ReportsMade(NamedTuple):
    """How right somebody's reports were."""

    accepted: int
    declined: int
    waiting: int

    @property
    def decided(self) -> int:
        """Return how many were answered."""
        return self.accepted + self.declined

    @property
    def accuracy(self) -> float | None:
        """Return the share of the answered ones that were right, in [0, 1]; None: none was answered."""
        return self.accepted / self.decided if self.decided else None


class Week(NamedTuple):
    """What somebody wrote in a week, by what became of it."""

    monday: date
    published: int
    refused: int
    waiting: int


def with_first_signal(comments: QuerySet[Comment]) -> QuerySet[Any]:
    """Return comments with `signal` and `rule_title` of the gravest reason of their newest decision; empty for none."""
    newest = Decision.objects.filter(comment=OuterRef("pk")).order_by("-id")
    signal = newest.annotate(found=KT("reasons__0__signal")).values("found")[:1]
    title = newest.annotate(found=KT("reasons__0__title")).values("found")[:1]
    empty = Value("")
    return comments.annotate(
        signal=Coalesce(Subquery(signal), empty, output_field=CharField()),
        rule_title=Coalesce(Subquery(title), empty, output_field=CharField()),
    )


def commenter_record(user: User, comments: QuerySet[Comment]) -> CommenterRecord:
    """Return the record of somebody, over these comments of theirs."""
    refused = with_first_signal(comments.filter(status__in=REFUSED))
    off_topic = refused.filter(signal__in=TOPIC_SCORES).count()
    found = comments.aggregate(
        published=Count("pk", filter=Q(status=Status.PUBLISHED)),
        refused=Count("pk", filter=Q(status__in=REFUSED)),
        waiting=Count("pk", filter=Q(status__in=WAITING)),
        deleted=Count("pk", filter=Q(status=Status.DELETED)),
        recommended=Coalesce(Sum("recommend_count", filter=Q(status=Status.PUBLISHED)), 0),
        first_at=Min("created_at"),
        last_at=Max("created_at"),
    )
    found["refused"] -= off_topic
    overturned = Appeal.objects.filter(decision__comment__author=user, state=Appeal.State.OVERTURNED).count()
    picked = Pick.objects.filter(comment__author=user, comment__status=Status.PUBLISHED).count()
    return CommenterRecord(**found, off_topic=off_topic, overturned=overturned, picked=picked)


def refused_by_rule(comments: QuerySet[Comment], limit: int = 6) -> list[RuleCount]:
    """Return by which rules comments were refused, the most frequent first."""
    titles = with_first_signal(comments.filter(status__in=REFUSED)).order_by().values_list("rule_title", flat=True)
    return [RuleCount(title or "No rule named", count) for title, count in Counter(titles).most_common(limit)]


def reports_made(user: User) -> ReportsMade:
    """Return how right the reports of somebody were."""
    counted = Report.objects.filter(reporter=user).order_by().values_list("state").annotate(Count("pk"))
    counts: dict[str, int] = dict(counted)
    state = Report.State
    return ReportsMade(counts.get(state.ACCEPTED, 0), counts.get(state.DECLINED, 0), counts.get(state.OPEN, 0))


def latest_reports(user: User, limit: int = 5) -> QuerySet[Report]:
    """Return what somebody reported last, the newest first."""
    return (
        Report.objects.filter(reporter=user).select_related("comment__author", "comment__story").order_by("-id")[:limit]
    )


def weeks_of(comments: QuerySet[Comment], now: datetime | None = None) -> list[Week]:
    """Return the last 26 weeks, the oldest first, with what was written in each; deleted comments are left out."""
    this = timezone.localdate(now or timezone.now())
    monday = this - timedelta(days=this.weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    since = timezone.make_aware(datetime.combine(mondays[0], datetime.min.time()))
    rows = comments.filter(created_at__gte=since).order_by().annotate(week=TruncWeek("created_at"))
    counts = Counter[tuple[date, str]]()
    for week, status, count in rows.values_list("week", "status").annotate(count=Count("pk")):
        counts[timezone.localdate(week), status] += count
    return [
        Week(day, counts[day, Status.PUBLISHED.value], _sum(counts, day, REFUSED), _sum(counts, day, WAITING))
        for day in mondays
    ]


def _sum(counts: Counter[tuple[date, str]], day: date, statuses: Iterable[Status]) -> int:
    return sum(counts[day, status.value] for status in statuses)
