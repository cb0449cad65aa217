"""A notification in one sentence, with the address where its reader finds out more: for the page, and for digests."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from belowline.comments.models import Comment
from belowline.moderation.models import Appeal, Decision, Report
from belowline.notifications.models import Kind, Notification

OWN = {Kind.REJECTED, Kind.HIDDEN, Kind.APPEAL}
"""Told of on the page of one's own comment, where the reasons stand and what one can do."""
SUBJECTS: dict[Kind, type[Decision | Appeal | Report]] = {
    Kind.PUBLISHED: Decision,
    Kind.REJECTED: Decision,
    Kind.HIDDEN: Decision,
    Kind.APPEAL: Appeal,
    Kind.REPORT: Report,
}


class Told(NamedTuple):
    """A notification in words."""

    row: Notification
    line: str
    address: str
    """A path on this server; empty where there is nothing to see."""
    words: str
    """What somebody else wrote, untrusted: the reply, or the editor's sentence; else empty."""


def in_words(found: Iterable[Notification]) -> list[Told]:
    """Return notifications of `queries.with_subject` in the present language, in their order."""
    rows = list(found)
    subjects = {kind: _subjects(model, kind, rows) for kind, model in SUBJECTS.items()}
    return [_told(row, subjects.get(Kind(row.kind), {}).get(row.subject_id)) for row in rows]


def public_address(comment: Comment) -> str:
    """Return the path of a published comment, among those around it."""
    return reverse("comment", args=[comment.pk])


def own_address(comment: Comment) -> str:
    """Return the path of the page on which its author reads what happened to a comment."""
    return reverse("my-comment", args=[comment.pk])


def _subjects(model: type[Any], kind: Kind, rows: list[Notification]) -> dict[int, Any]:
    wanted = {row.subject_id for row in rows if row.kind == kind}
    return model.objects.in_bulk(wanted) if wanted else {}


def _told(row: Notification, subject: Any) -> Told:
    kind, comment = Kind(row.kind), row.comment
    return Told(row, _line(kind, comment, subject), _address(kind, comment), _words(kind, comment))


def _address(kind: Kind, comment: Comment) -> str:
    if kind in OWN or (kind != Kind.REPORT and not comment.is_public):
        return own_address(comment)
    return public_address(comment) if comment.is_public else ""


def _words(kind: Kind, comment: Comment) -> str:
    if kind == Kind.REPLY:
        return comment.text_source
    return comment.pick.sentence if kind == Kind.PICK and hasattr(comment, "pick") else ""


def _line(kind: Kind, comment: Comment, subject: Any) -> str:
    known = {"name": comment.author.display_name, "story": str(comment.story)}
    if kind == Kind.REPLY:
        return _("%(name)s replied to you under “%(story)s”") % known
    if kind == Kind.PICK:
        return _("An editor picked your comment under “%(story)s”") % known
    if kind == Kind.APPEAL:
        return _of_appeal(subject) % known
    if kind == Kind.REPORT:
        return _of_report(subject) % known
    return _of_decision(subject) % known


def _of_decision(decision: Decision) -> str:
    if decision.outcome == Decision.Outcome.PUBLISH:
        return _("Your comment under “%(story)s” is published")
    if decision.outcome == Decision.Outcome.HOLD:
        return _("Your comment under “%(story)s” is hidden until a moderator has looked at it")
    if decision.outcome == Decision.Outcome.REMOVE:
        return _("Your comment under “%(story)s” was removed")
    return _("Your comment under “%(story)s” was not published")


def _of_appeal(appeal: Appeal) -> str:
    if appeal.state == Appeal.State.OVERTURNED:
        return _("After your appeal, your comment under “%(story)s” is published")
    return _("After your appeal, the decision about your comment under “%(story)s” stands")


def _of_report(report: Report) -> str:
    if report.state == Report.State.ACCEPTED:
        return _("You reported a comment under “%(story)s”: it was removed")
    return _("You reported a comment under “%(story)s”: it stays")
