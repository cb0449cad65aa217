"""An author deletes a comment of their own; a tombstone keeps the thread together."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event


def delete_comment(*, comment: Comment, by: User) -> None:
    """Take the comment away from readers; deleting twice does nothing.

    Raises:
        PermissionDenied: somebody else wrote it.
    """
    if comment.author_id != by.pk:
        raise PermissionDenied("only its author deletes a comment")
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
        if locked.status == Comment.Status.DELETED:
            return
        locked.change_status(Comment.Status.DELETED)
        record_event(tags.COMMENT_DELETED, subject_id=locked.pk, site_id=locked.story.site_id, actor_id=by.pk)
