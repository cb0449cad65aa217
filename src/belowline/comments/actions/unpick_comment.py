"""An editor takes a pick back: the comment stays where it is, among the others."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment, Pick
from belowline.events import tags
from belowline.events.models import record_event


def unpick_comment(*, comment: Comment, by: User) -> bool:
    """Take the pick back, in whatever state the comment is; return False where there is none.

    Raises:
        PermissionDenied: no moderator.
    """
    require(by, Action.PICK, site=comment.story.site_id, section=comment.story.section)
    with transaction.atomic():
        gone, _ = Pick.objects.filter(comment=comment.pk).delete()
        if not gone:
            return False
        comment.rerank()
        comment.story.bump()
        record_event(tags.COMMENT_UNPICKED, subject_id=comment.pk, site_id=comment.story.site_id, actor_id=by.pk)
    return True
