"""A moderator has seen to a published comment that was listed for a desk."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.desks import listed_at
from belowline.moderation.errors import DecidingError
from belowline.moderation.queueing import requeue


def mark_handled(*, comment: Comment, desk: str, by: User) -> None:
    """Take the comment off a desk's list; it stays published, and the event says who has seen to it.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `not_listed`: it is not on that list, or somebody was faster.
    """
    require(by, Action.DECIDE, site=comment.story.site_id, section=comment.story.section)
    with transaction.atomic():
        # The row is locked, so that two who press at once are one.
        locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
        if not listed_at(desk).filter(pk=locked.pk).exists():
            raise DecidingError("Somebody has seen to this comment already. Nothing was changed.", code="not_listed")
        record_event(
            tags.COMMENT_HANDLED, subject_id=locked.pk, site_id=locked.story.site_id, actor_id=by.pk, desk=desk
        )
        requeue(locked)
