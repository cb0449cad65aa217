"""Nobody is the judge of their own comment, where somebody else could be."""

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.errors import DecidingError

OWN_COMMENT = "This is your own comment: another moderator decides."


def others_moderate(involved: set[int]) -> bool:
    """Say whether there is an active moderator besides these, by their ids."""
    roles = (User.Role.MODERATOR, User.Role.ADMIN)
    return User.objects.filter(is_active=True, role__in=roles).exclude(pk__in=involved).exists()


def why_own(comment: Comment, moderator: User) -> str:
    """Return why this moderator must leave a comment to others, as a sentence; empty: they may decide about it."""
    is_own = comment.author_id == moderator.pk
    return OWN_COMMENT if is_own and others_moderate({moderator.pk}) else ""


def check_not_own(comment: Comment, moderator: User) -> None:
    """Refuse a moderator who would decide about their own comment though somebody else could.

    Raises:
        DecidingError: `own_comment`.
    """
    if why := why_own(comment, moderator):
        raise DecidingError(why, code="own_comment")
