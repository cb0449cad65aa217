"""Reports of readers: who may report, what waits for a moderator, and in which order."""

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.models import Report
from belowline.moderation.queue_entries import QueueEntry

REPORT_CHARACTERS = 1_000
"""Of the reporter's own words."""
PER_HOUR = 20
"""So many comments one account may report in an hour."""


def why_not_report(comment: Comment, reporter: User) -> str:
    """Return why somebody cannot report a comment, as a sentence for them; empty: they can."""
    if not reporter.is_active:
        return gettext("This account is closed.")
    if comment.author_id == reporter.pk:
        return gettext("This is your own comment. You can delete it.")
    if not comment.is_public:
        return gettext("This comment is not published any more, so nobody can read it here.")
    return ""


def report_by(reporter: User, comment: Comment) -> Report | None:
    """Return what somebody reported of a comment; each comment is reported once by each reader."""
    return Report.objects.filter(comment=comment, reporter=reporter).first()


def open_reports() -> QuerySet[Report]:
    """Return the reports that a moderator has not answered, of comments that are still published."""
    return Report.objects.filter(state=Report.State.OPEN, comment__status=Comment.Status.PUBLISHED)


def comments_to_look_at() -> QuerySet[Comment]:
    """Return the published comments with open reports, each once."""
    return Comment.objects.filter(status=Comment.Status.PUBLISHED, queue_entries__queue=QueueEntry.Queue.REPORTED)


def reported_comments() -> QuerySet[Comment]:
    """Return the comments with open reports, the longest wait first, each with `reported` and `reported_at`.

    A comment that is said to be off topic, and nothing else, comes after all others: it hurts nobody, and it counts
    against nobody.
    """
    waiting = Q(reports__state=Report.State.OPEN)
    graver = open_reports().filter(comment=OuterRef("pk")).exclude(category=Report.Category.OFF_TOPIC)
    return (
        comments_to_look_at()
        .annotate(
            reported=Count("reports", filter=waiting),
            reported_at=Min("reports__created_at", filter=waiting),
            is_grave=Exists(graver),
        )
        .select_related("story__site", "author", "parent__author")
        .order_by("-is_grave", "reported_at", "pk")
    )


def latest_kept(moderator: User, limit: int = 5) -> list[Comment]:
    """Return the comments that a moderator kept against reports last and that can be undone, the newest first."""
    kept = Report.objects.filter(decided_by=moderator, state=Report.State.DECLINED)
    ids = list(dict.fromkeys(kept.order_by("-decided_at").values_list("comment_id", flat=True)[: limit * 5]))[:limit]
    found = Comment.objects.filter(status=Comment.Status.PUBLISHED).select_related("author").in_bulk(ids)
    return [found[key] for key in ids if key in found]
