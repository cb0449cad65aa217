"""A moderator puts a word on many comments at once."""

from collections.abc import Iterable

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere
from belowline.comments.models import Comment
from belowline.moderation.actions.run_batch import run_batch
from belowline.moderation.actions.tag_comment import check_tag, tag_comment
from belowline.moderation.batches import Batch


def tag_batch(*, comments: Iterable[int], moderator: User, word: str, chosen: str = "") -> Batch:
    """Put a word on up to 1,000 comments by their ids; those that have it already are skipped.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `tag_empty`, `tag_too_long`, `nothing_chosen` or `batch_too_large`; nothing was changed.
        DatabaseError: nothing could be saved, and nothing was changed.
    """
    require_somewhere(moderator, Action.DECIDE_BATCH)
    batch = Batch(moderator=moderator, act=Batch.Act.TAG, word=check_tag(word), chosen=chosen[:300])

    def deed(comment: Comment) -> None:
        tag_comment(comment=comment, by=moderator, word=batch.word, batch=batch)

    return run_batch(batch=batch, comments=comments, deed=deed)
