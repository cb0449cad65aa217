"""A moderator who did not decide first upholds or overturns a decision that its author contests."""

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.publish_comment import publish_against
from belowline.moderation.actions.record_decision import check_words
from belowline.moderation.appeals import was_first_decider, why_not_decide
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Appeal
from belowline.moderation.queueing import requeue

TAGS = {Appeal.State.UPHELD: tags.APPEAL_UPHELD, Appeal.State.OVERTURNED: tags.APPEAL_OVERTURNED}


def decide_appeal(*, appeal: Appeal, moderator: User, state: Appeal.State, reason: str) -> Appeal:
    """Settle an open appeal with a reason for the author; an overturned decision publishes the comment.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `own_decision` (another moderator must decide), `appeal_settled` (it waits no longer),
            `reason_required` or `note_too_long`.
    """
    story = appeal.decision.comment.story
    require(moderator, Action.DECIDE_APPEAL, site=story.site_id, section=story.section)
    reason = check_words(reason)
    if not reason:
        raise DecidingError("Write the reason; the author reads it.", code="reason_required")
    with transaction.atomic():
        # The comment first, as everywhere: whoever holds its row decides about it.
        comment = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=appeal.decision.comment_id)
        )
        locked = Appeal.objects.select_related("decision__comment").get(pk=appeal.pk)
        newest = comment.decisions.order_by("-id")[0]
        if (
            locked.state != Appeal.State.OPEN
            or newest.pk != locked.decision_id
            or comment.status == Comment.Status.DELETED
        ):
            raise DecidingError("This appeal waits no longer. Nothing was changed.", code="appeal_settled")
        if why := why_not_decide(locked, moderator):
            raise DecidingError(why, code="own_decision")
        return _settle(locked, comment, moderator, state, reason)


def _settle(appeal: Appeal, comment: Comment, moderator: User, state: Appeal.State, reason: str) -> Appeal:
    """Write what was decided, and record it."""
    appeal.state, appeal.reason, appeal.decided_by, appeal.decided_at = state, reason, moderator, timezone.now()
    if state == Appeal.State.OVERTURNED:
        appeal.result = publish_against(comment=comment, moderator=moderator, note_to_author=reason)
    appeal.save()
    record_event(
        TAGS[state],
        subject_id=appeal.pk,
        site_id=comment.story.site_id,
        actor_id=moderator.pk,
        decision=appeal.decision_id,
        by_first_decider=was_first_decider(appeal),
    )
    requeue(comment)
    return appeal
