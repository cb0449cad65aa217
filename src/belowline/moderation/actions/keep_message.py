"""A moderator keeps a held comment as a message to the newsroom: read, and not published under the article."""

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.desks import desk_of
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision

KEPT = "A person in our newsroom has read this. It is a message to us, so it does not stand under the article."


def keep_message(*, comment: Comment, moderator: User, last_seen: int | None = None) -> Decision:
    """Take the comment for a message, by the rule that routed it; `undo_decision` puts it back.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `not_listed` (it waits at the moderators' desk), or one of `decide_comment`.
    """
    newest = comment.decisions.order_by("-id").first()
    reason = newest.first_reason if newest else None
    if reason is None or desk_of(reason) == "moderators":
        raise DecidingError("This comment is no message to the newsroom. Decide about it at Held.", code="not_listed")
    return decide_comment(
        comment=comment,
        moderator=moderator,
        outcome=Decision.Outcome.REJECT,
        rule=reason["rule"],
        last_seen=last_seen,
        explanation=KEPT,
    )
