"""An editor unfolds a comment: it leads away from the article no more than others do."""

from belowline.accounts.models import User
from belowline.comments.actions.fold_comment import turn_fold
from belowline.comments.models import Comment


def unfold_comment(*, comment: Comment, by: User) -> bool:
    """Show a folded comment like any other; return False where it is not folded.

    Raises:
        PermissionDenied: no moderator.
        CuratingError: `not_published`.
    """
    return turn_fold(comment, by, is_folded=False)
