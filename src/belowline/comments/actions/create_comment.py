"""A reader writes: the row is made, pending; whoever calls decides about it in the same transaction."""

import unicodedata
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from belowline.accounts.models import User
from belowline.accounts.names import INVISIBLE
from belowline.comments.errors import PostingError
from belowline.comments.models import Comment, Revision
from belowline.comments.render import render_comment
from belowline.engine.text.fingerprint import bands, fingerprint, text_key
from belowline.stories.discussion import DiscussionState, discussion_state
from belowline.stories.models import Story

MAX_KEY_CHARACTERS = 64
BLANK = INVISIBLE | {"\u2800"}
CLOSED = {
    "": gettext_lazy("This discussion is closed."),
    "legal": gettext_lazy("This discussion is closed for legal reasons."),
    "abuse": gettext_lazy("This discussion is closed, because too many comments broke the rules."),
    "capacity": gettext_lazy("This discussion is closed, because we cannot moderate it well enough now."),
    "age": gettext_lazy("This discussion is closed, because the article is no longer new."),
}
"""By the reason that an editor gave, or the clock."""


def create_comment(  # noqa: PLR0913 - by keyword only
    *,
    story: Story,
    author: User,
    text_source: str,
    parent: Comment | None,
    idempotency_key: str,
    resubmits: Comment | None = None,
) -> Comment:
    """Add a pending comment with its first revision; call `check_posting` (and `check_resubmission`) first.

    Raises:
        IntegrityError: the author has posted with this key already.
    """
    comment = Comment.objects.create(
        story=story,
        author=author,
        parent=parent,
        root=(parent.root or parent) if parent else None,
        depth=min(parent.depth + 1, settings.REPLY_DEPTH_MAX) if parent else 0,
        idempotency_key=idempotency_key,
        resubmits=resubmits,
        **text_fields(text_source),
    )
    comment.first_revision = Revision.objects.create(comment=comment, text_source=text_source)
    return comment


def text_fields(text_source: str) -> dict[str, Any]:
    """Return the columns of a comment that follow from its text."""
    parts = bands(fingerprint(text_source))
    return {
        "text_source": text_source,
        "body_html": render_comment(text_source),
        "text_key": text_key(text_source),
        **{f"band_{index}": part for index, part in enumerate(parts)},
    }


def check_posting(
    *, story: Story, author: User, text_source: str, parent: Comment | None, idempotency_key: str
) -> DiscussionState:
    """Check everything that can forbid a post, but its pace; return how the discussion stands.

    Raises:
        PostingError: with one of its codes.
    """
    state = discussion_state(story)
    check_author(story=story, author=author)
    check_open(state)
    check_text(text_source)
    if parent is not None and not state.takes_replies:
        raise PostingError(
            _("Replies are off here. You can post your text as a comment on the article."), code="replies_off"
        )
    if parent is not None and (parent.story_id != story.pk or not parent.is_public):
        raise PostingError(
            _("The comment that you answer is no longer here. You can post your text as a comment of its own."),
            code="parent_not_available",
        )
    if not 0 < len(idempotency_key) <= MAX_KEY_CHARACTERS:
        raise PostingError(_("The form was incomplete. Please reload the page and post again."), code="invalid_key")
    return state


def check_author(*, story: Story, author: User) -> None:
    """Check that somebody may write under a story at all.

    Raises:
        PostingError: `account_not_active` or `email_not_verified`.
    """
    if not author.is_active:
        raise PostingError(_("This account is closed."), code="account_not_active")
    if story.site.requires_verified_email and not EmailAddress.objects.filter(user=author, verified=True).exists():
        raise PostingError(_("Please confirm your e-mail address first."), code="email_not_verified")


def check_open(state: DiscussionState) -> None:
    """Check that a discussion is open; the message says why it is not.

    Raises:
        PostingError: `discussion_closed`.
    """
    if not state.is_open:
        raise PostingError(str(CLOSED.get(state.closed_reason, CLOSED[""])), code="discussion_closed")


def check_text(text_source: str) -> None:
    """Check that a text can stand as a comment.

    Raises:
        PostingError: `empty_comment_body` or `comment_too_long`.
    """
    if not is_visible(text_source):
        raise PostingError(_("Please write something first."), code="empty_comment_body")
    if len(text_source) > settings.COMMENT_MAX_CHARACTERS:
        sentence = _("Your comment has %(count)s characters; at most %(limit)s fit here. Please shorten it.")
        numbers = {"count": f"{len(text_source):,}", "limit": f"{settings.COMMENT_MAX_CHARACTERS:,}"}
        raise PostingError(sentence % numbers, code="comment_too_long")


def is_visible(text: str) -> bool:
    """Say whether there is anything to see: blanks, joiners and marks alone are nothing."""
    return any(unicodedata.category(sign)[0] not in "ZCM" and sign not in BLANK for sign in text)
