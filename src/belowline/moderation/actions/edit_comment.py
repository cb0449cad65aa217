"""An author edits a comment shortly after posting: the new text is judged like a new comment, the old one is kept.

Judged before the transaction, and checked again inside it: a moderator, or the clock, may have been faster.
"""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.comments.actions.change_text import change_text
from belowline.comments.actions.create_comment import check_author, check_open, check_text
from belowline.comments.models import Comment
from belowline.engine import decision as judged
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.nudge_author import answer_nudge, nudge_author
from belowline.moderation.actions.post_comment import gather
from belowline.moderation.actions.record_decision import record_engine_decision
from belowline.moderation.editing import check_editable
from belowline.moderation.engine import judge
from belowline.moderation.errors import NudgedError
from belowline.moderation.models import Decision
from belowline.moderation.sanctions import check_may_write
from belowline.stories.discussion import discussion_state


class Edited(NamedTuple):
    """The comment, and what was decided about its new text; None: the text is the same."""

    comment: Comment
    decision: Decision | None


def edit_comment(
    *, comment: Comment, author: User, text_source: str, idempotency_key: str = "", may_nudge: bool = False
) -> Edited:
    """Change the text of one's own comment; a text that would be held takes the comment off until a moderator looked.

    With `may_nudge`, the author is told first why that would be; `idempotency_key` is then the key of the form.

    Raises:
        PermissionDenied: somebody else wrote it.
        PostingError: it cannot be edited now (`edit_window_over`, `cannot_edit`), or not to this text, or the
            discussion or the account is closed.
        NudgedError: nothing is changed yet; the author shall see the reasons.
    """
    _check(comment, author, text_source)
    if text_source == comment.text_source:
        return Edited(comment, None)
    told = gather(story=comment.story, author=author, text_source=text_source, parent=comment.parent, before=comment)
    decision = judge(comment.story.site, told)
    if may_nudge and (
        reasons := nudge_author(
            story=comment.story,
            author=author,
            text_source=text_source,
            idempotency_key=idempotency_key,
            decision=decision,
        )
    ):
        raise NudgedError(reasons)
    with transaction.atomic():
        return _write(comment, author, text_source, decision, idempotency_key)


def _check(comment: Comment, author: User, text_source: str) -> None:
    if comment.author_id != author.pk:
        raise PermissionDenied("only its author edits a comment")
    check_author(story=comment.story, author=author)
    check_may_write(user=author, site=comment.story.site)
    check_open(discussion_state(comment.story))
    check_editable(comment)
    check_text(text_source)


def _write(comment: Comment, author: User, text_source: str, decision: judged.Decision, idempotency_key: str) -> Edited:
    locked = (
        Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story__site").get(pk=comment.pk)
    )
    _check(locked, author, text_source)
    was_public = locked.is_public
    revision = change_text(comment=locked, text_source=text_source)
    row = record_engine_decision(comment=locked, decision=decision)
    if was_public and locked.is_public:
        locked.story.bump()
    answer_nudge(locked, idempotency_key)
    record_event(
        tags.COMMENT_EDITED,
        subject_id=locked.pk,
        site_id=locked.story.site_id,
        actor_id=author.pk,
        decision=row.pk,
        revision=revision.pk,
    )
    return Edited(locked, row)
