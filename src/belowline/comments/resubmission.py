"""A rejected comment may be rewritten and posted once more: when, and as what."""

from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.comments.errors import PostingError
from belowline.comments.models import Comment
from belowline.stories.discussion import DiscussionState, discussion_state
from belowline.stories.models import Story


def why_not_again(comment: Comment, state: DiscussionState | None = None) -> str:
    """Return why a comment cannot be rewritten and posted again, in a sentence for its author; empty: it can.

    A removed comment cannot: it stood there, people may have answered it, and its author can contest the removal.
    `state` is how its discussion stands, where that is known already; else it is looked up.
    """
    if comment.status != Comment.Status.REJECTED:
        return gettext("Only a comment that was not published can be rewritten.")
    if comment.resubmits_id is not None:
        return gettext("This was the second version already; a comment can be rewritten once.")
    if hasattr(comment, "resubmission"):
        return gettext("You have posted a second version of this comment already.")
    if not (state or discussion_state(comment.story)).is_open:
        return gettext("The discussion is closed.")
    if comment.parent is not None and not comment.parent.is_public:
        return gettext("The comment that you answered is no longer here.")
    return ""


def check_resubmission(*, old: Comment, author: User, story: Story, parent: Comment | None) -> None:
    """Check that a new comment may replace this one: the same author, the same place, the first time.

    Raises:
        PostingError: `cannot_resubmit`.
    """
    strange = old.author_id != author.pk or old.story_id != story.pk
    moved = old.parent_id != (parent.pk if parent else None)
    if why := gettext("This comment cannot be rewritten here.") if strange or moved else why_not_again(old):
        raise PostingError(
            gettext("%(why)s You can post your text as a new comment.") % {"why": why}, code="cannot_resubmit"
        )
