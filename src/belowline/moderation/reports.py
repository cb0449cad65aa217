"""Reports of readers: who may report, what waits for a moderator, and in which order."""

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.hiding import REPORTED
from belowline.moderation.models import Decision, Report
from belowline.moderation.reporters import mute_of

REPORT_CHARACTERS = 1_000
"""Of the reporter's own words."""
PER_HOUR = 20
"""So many comments one account may report in an hour."""


def why_not_report(comment: Comment, reporter: User) -> str:
    """Return why somebody cannot report a comment, as a sentence for them; empty: they can."""
    if not reporter.is_active:
        return gettext("This account is closed.")
    if mute := mute_of(reporter.pk):
        return gettext(
            "A moderator has decided not to receive reports from this account until %(day)s. The reason: “%(reason)s” "
            "Whatever breaks the law, you can still report by the form for illegal content."
        ) % {"day": date_format(localtime(mute.ends_at)), "reason": mute.reason}
    if comment.author_id == reporter.pk:
        return gettext("This is your own comment. You can delete it.")
    if not comment.is_public:
        return gettext("This comment is not published any more, so nobody can read it here.")
    return ""


def report_by(reporter: User, comment: Comment) -> Report | None:
    """Return what somebody reported of a comment; each comment is reported once by each reader."""
    return Report.objects.filter(comment=comment, reporter=reporter).first()


def comments_to_look_at() -> QuerySet[Comment]:
    """Return the comments whose reports are at the desk: published, or hidden because of them."""
    return _reported(is_waiting=True)


def quiet_comments() -> QuerySet[Comment]:
    """Return the comments whose reports do not come to the desk yet, the heaviest first.

    They were kept before and too little is new, or only muted reporters say so.
    """
    return _reported(is_waiting=False).select_related("author", "story", "tally").order_by("-tally__weight", "pk")


def _reported(*, is_waiting: bool) -> QuerySet[Comment]:
    newest = Decision.objects.filter(comment=OuterRef("pk")).order_by("-id").annotate(first=KT("reasons__0__rule"))
    hidden = Q(status=Comment.Status.HELD, first=REPORTED)
    return (
        Comment.objects.filter(tally__is_waiting=is_waiting)
        .annotate(first=Subquery(newest.values("first")[:1], output_field=CharField()))
        .filter(Q(status=Comment.Status.PUBLISHED) | hidden)
    )


def reported_comments() -> QuerySet[Comment]:
    """Return the comments whose reports are at the desk, each with its `tally` and `is_hidden`.

    Hidden ones come first, for their authors wait; then the heaviest reports, of these the longest wait. A comment
    that is said to be off topic, and nothing else, comes after all others: it hurts nobody, and it counts against
    nobody.
    """
    is_hidden = Case(When(status=Comment.Status.HELD, then=Value(value=True)), default=Value(value=False))
    return (
        comments_to_look_at()
        .annotate(is_hidden=is_hidden)
        .select_related("story__site", "author", "parent__author", "tally")
        .order_by("-is_hidden", "-tally__is_grave", "-tally__weight", "tally__waits_since", "pk")
    )


def latest_kept(moderator: User, limit: int = 5) -> list[Comment]:
    """Return the comments that a moderator kept against reports last and that can be undone, the newest first."""
    kept = Report.objects.filter(decided_by=moderator, state=Report.State.DECLINED)
    ids = list(dict.fromkeys(kept.order_by("-decided_at").values_list("comment_id", flat=True)[: limit * 5]))[:limit]
    found = Comment.objects.filter(status=Comment.Status.PUBLISHED).select_related("author").in_bulk(ids)
    return [found[key] for key in ids if key in found]
