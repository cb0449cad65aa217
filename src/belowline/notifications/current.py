"""Whether what somebody was to be told still holds when the mail goes out."""

from collections.abc import Callable

from allauth.account.models import EmailAddress

from belowline.accounts.models import Mute
from belowline.comments.models import Comment
from belowline.moderation.models import Report
from belowline.notifications.models import Kind, Notification


def is_current(told: Notification) -> bool:
    """Say whether a notification of `queries.with_subject` is still true, and its reader still here.

    Nobody is written to at an address that they have not confirmed: it may be somebody else's.
    """
    user = told.user
    is_theirs = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()
    return user.is_active and is_theirs and CHECKS[Kind(told.kind)](told)


def _is_reply_there(told: Notification) -> bool:
    comment = told.comment
    is_answered = comment.parent is not None and comment.parent.status != Comment.Status.DELETED
    is_muted = Mute.objects.filter(user=told.user_id, muted=comment.author_id).exists()
    return comment.is_public and is_answered and not is_muted


def _is_newest(told: Notification) -> bool:
    """Say whether nothing came after the decision: no other decision, and the author did not delete the comment."""
    newest = told.comment.decisions.order_by("-id").values_list("pk", flat=True).first()
    return newest == told.subject_id and _is_kept(told)


def _is_kept(told: Notification) -> bool:
    return told.comment.status != Comment.Status.DELETED


def _is_picked(told: Notification) -> bool:
    return told.comment.is_public and hasattr(told.comment, "pick")


def _is_report_decided(told: Notification) -> bool:
    return Report.objects.filter(pk=told.subject_id).exclude(state=Report.State.OPEN).exists()


CHECKS: dict[Kind, Callable[[Notification], bool]] = {
    Kind.REPLY: _is_reply_there,
    Kind.PUBLISHED: _is_newest,
    Kind.REJECTED: _is_newest,
    Kind.HIDDEN: _is_newest,
    Kind.PICK: _is_picked,
    Kind.APPEAL: _is_kept,
    Kind.REPORT: _is_report_decided,
}
