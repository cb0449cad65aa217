"""Whoever asked needs no answer any more."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.answer_escalation import lock_open
from belowline.moderation.escalation_models import Escalation
from belowline.moderation.escalations import why_not_answer
from belowline.moderation.queueing import requeue


def withdraw_escalation(*, escalation: Escalation, by: User) -> Escalation:
    """End it without an answer: by whoever asked, or by whoever could have answered.

    Raises:
        PermissionDenied: neither, or they may not escalate there any more.
        DecidingError: `not_open`: it has ended meanwhile.
    """
    story = escalation.comment.story
    require(by, Action.ESCALATE, site=story.site_id, section=story.section)
    if escalation.asked_by_id != by.pk and why_not_answer(escalation, by):
        raise PermissionDenied("only whoever asked, or was asked, ends it")
    with transaction.atomic():
        locked = lock_open(escalation)
        locked.end(Escalation.State.WITHDRAWN, by)
        requeue(locked.comment)
        record_event(
            tags.ESCALATION_WITHDRAWN, subject_id=locked.pk, site_id=locked.comment.story.site_id, actor_id=by.pk
        )
    return locked
