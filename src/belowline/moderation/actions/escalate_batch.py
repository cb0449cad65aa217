"""A moderator leaves many comments to somebody senior at once."""

from collections.abc import Iterable, Mapping

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere
from belowline.comments.models import Comment
from belowline.moderation.actions.escalate_comment import escalate_comment
from belowline.moderation.actions.record_decision import check_words
from belowline.moderation.actions.run_batch import run_batch
from belowline.moderation.batches import Batch
from belowline.moderation.claims import check_claim
from belowline.moderation.errors import DecidingError


def escalate_batch(
    *, comments: Iterable[int], moderator: User, note: str, seen: Mapping[int, int], chosen: str = ""
) -> Batch:
    """Leave up to 1,000 comments by their ids to whoever answers escalations, all with the same note for the staff.

    `seen` has the newest decision that was seen of each: what changed since is skipped.

    Raises:
        PermissionDenied: they may escalate nowhere.
        DecidingError: `note_required`, `note_too_long`, `nothing_chosen` or `batch_too_large`; nothing was changed.
        DatabaseError: nothing could be saved, and nothing was changed.
    """
    require_somewhere(moderator, Action.ESCALATE)
    words = check_words(note)
    if not words:
        raise DecidingError("Write a note: why shall others decide?", code="note_required")

    def deed(comment: Comment) -> None:
        check_claim(comment, moderator)
        newest = comment.decisions.order_by("-id").values_list("pk", flat=True).first()
        if newest != seen.get(comment.pk, newest):
            raise DecidingError("Somebody has decided about this comment meanwhile.", code="not_waiting")
        escalate_comment(comment=comment, by=moderator, note=words)

    batch = Batch(moderator=moderator, act=Batch.Act.ESCALATE, chosen=chosen[:300])
    return run_batch(batch=batch, comments=comments, deed=deed)
