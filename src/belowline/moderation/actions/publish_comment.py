"""A moderator publishes a comment that was rejected."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.actions.record_decision import record_decision
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.impartial import check_not_own
from belowline.moderation.models import Decision


def publish_comment(*, comment: Comment, moderator: User) -> Decision:
    """Publish a rejected comment against the rejection; `undo_decision` takes that back.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `not_rejected` (something came in between) or `own_comment` (another moderator must decide).
    """
    if not moderator.is_moderator:
        raise PermissionDenied("only moderators publish comments")
    with transaction.atomic():
        locked = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=comment.pk)
        )
        if locked.status != Comment.Status.REJECTED:
            raise DecidingError("This comment is not rejected any more. Nothing was changed.", code="not_rejected")
        check_not_own(locked, moderator)
        return publish_against(comment=locked, moderator=moderator)


def publish_against(*, comment: Comment, moderator: User, note_to_author: str = "") -> Decision:
    """Record that a comment is published against what took it from readers; the caller has locked its row."""
    return record_decision(
        comment=comment,
        outcome=Decision.Outcome.PUBLISH,
        moderator=moderator,
        maker=Decision.Maker.PERSON,
        policy=site_policy(comment.story.site).version,
        note_to_author=note_to_author,
    )
