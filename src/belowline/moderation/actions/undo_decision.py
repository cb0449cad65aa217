"""A moderator takes a decision back: another decision that restores what was before."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.actions.unpick_comment import unpick_comment
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.end_escalations import reopen_escalations
from belowline.moderation.actions.record_decision import TAKES_AWAY, record_decision
from belowline.moderation.actions.reopen_reports import reopen
from belowline.moderation.erased import check_not_erased
from belowline.moderation.errors import DecidingError
from belowline.moderation.hiding import hides
from belowline.moderation.models import Appeal, Decision, Report
from belowline.moderation.queueing import requeue


def action_to_undo(decision: Decision, moderator: User) -> Action:
    """Return what one must be allowed to: people take back what they could decide anew, seniors what others did."""
    own = Action.REMOVE if decision.outcome == Decision.Outcome.REMOVE else Action.DECIDE
    return own if decision.moderator_id in {None, moderator.pk} else Action.UNDO_OTHERS


def undo_decision(*, decision: Decision, moderator: User) -> Decision:
    """Take back the newest decision about a comment, when a person made it; reports that it answered wait again.

    A pick goes with it where readers do not see the comment any more.

    Raises:
        PermissionDenied: no moderator of that place, or the decision is a colleague's.
        DecidingError: `cannot_undo`: it is not the newest one, is itself an undo, settled an appeal, or the comment was
            deleted; `under_appeal`: its author contests it, so the appeal is to be decided; or `text_erased`.
    """
    story = decision.comment.story
    require(moderator, action_to_undo(decision, moderator), site=story.site_id, section=story.section)
    with transaction.atomic():
        comment = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=decision.comment_id)
        )
        newest, *older = comment.decisions.order_by("-id")[:2]
        if (
            newest.pk != decision.pk
            or not older
            or newest.undoes_id
            or hasattr(newest, "settles")
            or newest.maker != Decision.Maker.PERSON
            or comment.status == Comment.Status.DELETED
        ):
            raise DecidingError("This decision can no longer be undone: something came after it.", code="cannot_undo")
        if hasattr(newest, "appeal") and newest.appeal.state == Appeal.State.OPEN:
            raise DecidingError(
                "The author contests this decision: decide the appeal, or leave it to a colleague.", code="under_appeal"
            )
        check_not_erased(comment)
        before = older[0]
        row = record_decision(
            comment=comment,
            outcome=Decision.Outcome(before.outcome),
            moderator=moderator,
            maker=Decision.Maker.PERSON,
            reasons=before.reasons,
            policy=before.policy,
            model=before.model,
            undoes=newest,
        )
        record_event(
            tags.DECISION_UNDONE,
            subject_id=decision.pk,
            site_id=comment.story.site_id,
            actor_id=moderator.pk,
        )
        if row.outcome != Decision.Outcome.PUBLISH:
            unpick_comment(comment=comment, by=moderator)
        if newest.outcome in TAKES_AWAY:
            reopen(comment=comment, state=Report.State.ACCEPTED, by=moderator)
        elif newest.outcome == Decision.Outcome.PUBLISH and hides(before):
            reopen(comment=comment, state=Report.State.DECLINED, by=moderator, since=newest.created_at)
        if reopen_escalations(decision=newest, by=moderator):
            requeue(comment)
    return row
