"""A moderator publishes a comment that was rejected, or restores one that was removed."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.moderation.actions.record_decision import record_decision
from belowline.moderation.actions.remove_comment import CHANGED
from belowline.moderation.appeals import check_not_contested
from belowline.moderation.engine import site_policy
from belowline.moderation.erased import check_not_erased
from belowline.moderation.errors import DecidingError
from belowline.moderation.impartial import check_not_own
from belowline.moderation.models import Decision

REFUSED = (Comment.Status.REJECTED, Comment.Status.REMOVED)


def publish_comment(*, comment: Comment, moderator: User, last_seen: int | None = None) -> Decision:
    """Publish a rejected or removed comment against that decision; `undo_decision` takes that back.

    `last_seen` is the id of the newest decision that the moderator saw.

    Raises:
        PermissionDenied: no moderator of that place, or a colleague decided so.
        DecidingError: `not_rejected` or `not_waiting` (something came in between), `own_comment` (another moderator
            must decide), `under_appeal` (the appeal is to be decided) or `text_erased` (there is nothing to publish).
    """
    require(moderator, Action.DECIDE, site=comment.story.site_id, section=comment.story.section)
    with transaction.atomic():
        locked = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=comment.pk)
        )
        newest = locked.decisions.order_by("-id").first()
        if last_seen is not None and (newest.pk if newest else None) != last_seen:
            raise DecidingError(CHANGED, code="not_waiting")
        if locked.status not in REFUSED:
            raise DecidingError("This comment is not rejected any more. Nothing was changed.", code="not_rejected")
        check_not_erased(locked)
        check_not_own(locked, moderator)
        check_not_contested(locked)
        require(
            moderator,
            action_against(newest, moderator),
            site=locked.story.site_id,
            section=locked.story.section,
        )
        return publish_against(comment=locked, moderator=moderator)


def action_against(decision: Decision | None, moderator: User) -> Action:
    """Return what one must be allowed to, to publish against a decision: one's own, the machine's, or a colleague's."""
    is_own = decision is None or decision.moderator_id in {None, moderator.pk}
    return Action.DECIDE if is_own else Action.UNDO_OTHERS


def publish_against(
    *, comment: Comment, moderator: User, note_to_author: str = "", source: Decision.Source = Decision.Source.OWN
) -> Decision:
    """Record that a comment is published against what took it from readers; the caller has locked its row."""
    return record_decision(
        comment=comment,
        outcome=Decision.Outcome.PUBLISH,
        moderator=moderator,
        maker=Decision.Maker.PERSON,
        policy=site_policy(comment.story.site).version,
        note_to_author=note_to_author,
        source=source,
    )
