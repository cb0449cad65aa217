"""A moderator takes a published comment off until somebody has looked at it in quiet."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.moderation.actions.record_decision import moderator_reason, record_decision
from belowline.moderation.actions.remove_comment import CHANGED
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision


def hold_comment(*, comment: Comment, moderator: User, rule: str = "", last_seen: int | None = None) -> Decision:
    """Let a published comment wait in the held queue; `undo_decision` puts it back.

    `rule` names what is doubtful, where it can be named; `last_seen` is the id of the newest decision that was seen.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `not_published` (it is no longer there), `not_waiting` (it has changed) or `unknown_rule`.
    """
    require(moderator, Action.REMOVE, site=comment.story.site_id, section=comment.story.section)
    with transaction.atomic():
        locked = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=comment.pk)
        )
        if locked.status != Comment.Status.PUBLISHED:
            raise DecidingError("This comment is not published any more. Nothing was changed.", code="not_published")
        newest = locked.decisions.order_by("-id").first()
        if last_seen and newest and newest.pk != last_seen:
            raise DecidingError(CHANGED, code="not_waiting")
        hold = Decision.Outcome.HOLD
        return record_decision(
            comment=locked,
            outcome=hold,
            moderator=moderator,
            maker=Decision.Maker.PERSON,
            reasons=[moderator_reason(locked, newest, rule, hold)] if rule else [],
            policy=site_policy(locked.story.site).version,
        )
