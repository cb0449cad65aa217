"""A moderator leaves a comment to somebody senior, or asks a colleague about it, with a note."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.record_decision import check_words
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalation_models import Escalation
from belowline.moderation.escalations import NOT_ESCALATED, answerers, colleagues
from belowline.moderation.queueing import requeue


def escalate_comment(*, comment: Comment, by: User, note: str, colleague: User | None = None) -> Escalation:
    """Let a comment wait for an answer: of whoever answers escalations, or of the colleague who is asked.

    What is left to others leaves the queue of held comments until it is answered; a question leaves it where it is.
    The note is for the staff, and has 1 to 2,000 characters.

    Raises:
        PermissionDenied: they may not escalate here.
        DecidingError: `note_required`, `note_too_long`, `not_waiting` (the comment is gone), `already_escalated`,
            `nobody_to_answer` (nobody else answers escalations here) or `unknown_colleague` (they do not decide here).
    """
    require(by, Action.ESCALATE, site=comment.story.site, section=comment.story.section)
    if not (words := check_words(note)):
        raise DecidingError("Write a note: what is the question, or why shall others decide?", code="note_required")
    with transaction.atomic():
        locked = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=comment.pk)
        )
        _check_asked(locked, by, colleague)
        row = Escalation.objects.create(comment=locked, asked_by=by, colleague=colleague, note=words)
        requeue(locked)
        record_event(
            tags.COMMENT_ESCALATED,
            subject_id=locked.pk,
            site_id=locked.story.site_id,
            actor_id=by.pk,
            escalation=row.pk,
            colleague=colleague.pk if colleague else None,
        )
    return row


def _check_asked(comment: Comment, by: User, colleague: User | None) -> None:
    if comment.status in NOT_ESCALATED:
        raise DecidingError("This comment is gone meanwhile. Nothing was changed.", code="not_waiting")
    if Escalation.objects.filter(comment=comment, colleague=colleague, state=Escalation.State.OPEN).exists():
        whom = f"{colleague} has been asked" if colleague else "This comment has been escalated"
        raise DecidingError(f"{whom} already, and has not answered yet.", code="already_escalated")
    if colleague is None and not answerers(comment, by):
        raise DecidingError(
            "Nobody else here answers escalations. Ask a colleague instead, or have somebody be made senior.",
            code="nobody_to_answer",
        )
    if colleague is not None and colleague not in colleagues(comment, by):
        raise DecidingError("Choose a colleague who may decide about this comment.", code="unknown_colleague")
