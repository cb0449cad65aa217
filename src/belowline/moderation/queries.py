"""Reading decisions: the queue, the history, how long people wait."""

from datetime import timedelta
from statistics import median

from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.models import Appeal, Decision
from belowline.stories.models import Site

RECENT = 50
MIN_FOR_WAIT = 5


def held_comments(site: Site | None = None) -> QuerySet[Comment]:
    """Return what waits for a person, the longest wait first."""
    held = Comment.objects.filter(status=Comment.Status.HELD).order_by("created_at", "pk")
    return held.filter(story__site=site) if site else held


def with_history(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Return the comments with story, author, parent, both versions, and `history`: their decisions, newest first.

    The decisions have their appeals with them.
    """
    decisions = Decision.objects.select_related("moderator", "appeal", "settles").order_by("-id")
    related = ("story__site", "author", "parent__author", "resubmits", "resubmission")
    return comments.select_related(*related).prefetch_related(
        Prefetch("decisions", queryset=decisions, to_attr="history")
    )


def comments_of(author: User) -> QuerySet[Comment]:
    """Return an author's own comments with their decisions and `reply_count`, the newest comment first.

    Counted are the published replies to the comment itself, not those further down.
    """
    replies = Comment.objects.filter(parent=OuterRef("pk"), status=Comment.Status.PUBLISHED).order_by()
    count = replies.values("parent").annotate(count=Count("pk")).values("count")
    own = Comment.objects.filter(author=author).annotate(reply_count=Coalesce(Subquery(count), 0))
    return with_history(own.order_by("-created_at", "-pk"))


def latest_by(moderator: User, limit: int = 10) -> QuerySet[Decision]:
    """Return what a moderator decided last, for undoing."""
    newest = Decision.objects.filter(comment=OuterRef("comment")).order_by("-id").values("pk")[:1]
    return (
        Decision.objects.filter(moderator=moderator, undoes=None)
        .exclude(comment__status=Comment.Status.DELETED)
        .exclude(Exists(Appeal.objects.filter(decision=OuterRef("pk"), state=Appeal.State.OPEN)))
        .filter(settles=None)
        .annotate(newest=Subquery(newest))
        .filter(pk=F("newest"))
        .select_related("comment__story", "comment__author")
        .order_by("-id")[:limit]
    )


def expected_wait(site: Site) -> timedelta | None:
    """Return the median wait of the last 50 held comments that a person decided; None: too few to say."""
    recent = (
        Decision.objects.filter(maker=Decision.Maker.PERSON, undoes=None, settles=None, comment__story__site=site)
        .exclude(outcome__in=(Decision.Outcome.REMOVE, Decision.Outcome.HOLD))  # nobody waited for that
        .exclude(source=Decision.Source.REPORT)  # it had been published long before
        .order_by("-id")
        .values_list("created_at", "comment__created_at")[:RECENT]
    )
    seconds = [(decided - written).total_seconds() for decided, written in recent]
    return timedelta(seconds=median(seconds)) if len(seconds) >= MIN_FOR_WAIT else None
