"""Somebody confirms what a link of a digest leads to: the comment is published or rejected, once."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.models import Decision
from belowline.notifications.action_links import read_link, use_up
from belowline.notifications.errors import LinkError


def follow_link(*, token: str, by: User) -> Decision:
    """Decide as the link says, as `by`; nothing is used up where the decision cannot be taken.

    Raises:
        PermissionDenied: they may not decide here.
        LinkError: `link_unknown`, `link_expired`, `link_used`, or `link_of_another`: it was made for somebody else.
        DecidingError: as `decide_comment`; `not_waiting` where somebody has decided since the digest was made.
    """
    link = read_link(token)
    if link.user and link.user != by.pk:
        raise LinkError("This link was made for somebody else.", code="link_of_another")
    comment = Comment.objects.select_related("story__site").filter(pk=link.comment).first()
    if comment is None:
        raise LinkError("The comment of this link is not there.")
    with transaction.atomic():
        use_up(token)
        return decide_comment(
            comment=comment,
            moderator=by,
            outcome=Decision.Outcome(link.outcome),
            rule=link.rule,
            last_seen=link.seen,
        )
