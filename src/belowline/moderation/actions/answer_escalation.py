"""Somebody senior, or the colleague who was asked, answers: the comment waits where it did before, with the answer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.record_decision import check_words
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalation_models import Escalation
from belowline.moderation.escalations import why_not_answer
from belowline.moderation.queueing import requeue


def answer_escalation(*, escalation: Escalation, by: User, answer: str) -> Escalation:
    """Answer in 1 to 2,000 characters; whoever asked decides then.

    Raises:
        PermissionDenied: they are not asked; the message says who is.
        DecidingError: `not_open` (it has ended meanwhile), `note_required` or `note_too_long`.
    """
    if why := why_not_answer(escalation, by):
        raise PermissionDenied(why)
    story = escalation.comment.story
    action = Action.DECIDE if escalation.is_question else Action.ANSWER_ESCALATION
    require(by, action, site=story.site_id, section=story.section)
    if not (words := check_words(answer)):
        raise DecidingError("Write the answer.", code="note_required")
    with transaction.atomic():
        locked = lock_open(escalation)
        locked.answer = words
        locked.end(Escalation.State.ANSWERED, by)
        requeue(locked.comment)
        record_event(
            tags.ESCALATION_ANSWERED, subject_id=locked.pk, site_id=locked.comment.story.site_id, actor_id=by.pk
        )
    return locked


def lock_open(escalation: Escalation) -> Escalation:
    """Return the row with its comment, both locked, the comment first as everywhere; call it inside a transaction.

    Raises:
        DecidingError: `not_open`: it has ended meanwhile.
    """
    comments = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story")
    comment = comments.get(pk=escalation.comment_id)
    locked = Escalation.objects.select_for_update().get(pk=escalation.pk)
    locked.comment = comment
    if not locked.is_open:
        raise DecidingError(
            f"This has ended meanwhile ({locked.get_state_display()}). Nothing was changed.", code="not_open"
        )
    return locked
