"""An editor folds a comment that leads away from the article: it stays readable, and breaks no rule."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.actions.pick_comment import published_comment
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event


def fold_comment(*, comment: Comment, by: User) -> bool:
    """Fold a published comment for readers; return False where it is folded already.

    Raises:
        PermissionDenied: no moderator.
        CuratingError: `not_published`.
    """
    return turn_fold(comment, by, is_folded=True)


def turn_fold(comment: Comment, by: User, *, is_folded: bool) -> bool:
    """Fold or unfold a published comment; return False where it is so already.

    Raises:
        PermissionDenied: no moderator.
        CuratingError: `not_published`.
    """
    require(by, Action.PICK, site=comment.story.site_id, section=comment.story.section)
    with transaction.atomic():
        locked = published_comment(comment)
        if locked.is_digression is is_folded:
            return False
        locked.is_digression = is_folded
        locked.save(update_fields=["is_digression"])
        locked.story.bump()
        tag = tags.COMMENT_FOLDED if is_folded else tags.COMMENT_UNFOLDED
        record_event(tag, subject_id=locked.pk, site_id=locked.story.site_id, actor_id=by.pk)
    return True
