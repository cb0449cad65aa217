"""Comments whose text was erased: what was decided about them stands."""

from belowline.comments.models import Comment
from belowline.moderation.errors import DecidingError


def check_not_erased(comment: Comment) -> None:
    """Refuse to give a comment without a text back to readers, or to the queue.

    Raises:
        DecidingError: `text_erased`.
    """
    if comment.is_erased:
        raise DecidingError("The text of this comment was erased, so what was decided stands.", code="text_erased")
