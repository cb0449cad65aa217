"""Nobody is the judge of their own comment, where somebody else could be."""

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, people_who_may
from belowline.comments.models import Comment
from belowline.moderation.errors import DecidingError

OWN_COMMENT = "This is your own comment: another moderator decides."


def others_moderate(involved: set[int], comment: Comment, action: Action = Action.DECIDE) -> bool:
    """Say whether somebody besides these, by their ids, may do this to a comment."""
    others = people_who_may(action, site=comment.story.site_id, section=comment.story.section)
    return others.exclude(pk__in=involved).exists()


def why_own(comment: Comment, moderator: User) -> str:
    """Return why this moderator must leave a comment to others, as a sentence; empty: they may decide about it."""
    is_own = comment.author_id == moderator.pk
    return OWN_COMMENT if is_own and others_moderate({moderator.pk}, comment) else ""


def check_not_own(comment: Comment, moderator: User) -> None:
    """Refuse a moderator who would decide about their own comment though somebody else could.

    Raises:
        DecidingError: `own_comment`.
    """
    if why := why_own(comment, moderator):
        raise DecidingError(why, code="own_comment")
