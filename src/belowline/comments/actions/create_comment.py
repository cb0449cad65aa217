"""A reader writes: the row is made, pending; whoever calls decides about it in the same transaction."""

import unicodedata

from allauth.account.models import EmailAddress
from django.conf import settings

from belowline.accounts.models import User
from belowline.accounts.names import INVISIBLE
from belowline.comments.errors import PostingError
from belowline.comments.models import Comment, Revision
from belowline.comments.render import render_comment
from belowline.engine.text.fingerprint import bands, fingerprint, text_key
from belowline.stories.discussion import discussion_state
from belowline.stories.models import Story

MAX_KEY_CHARACTERS = 64
BLANK = INVISIBLE | {"\u2800"}


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
    parts = bands(fingerprint(text_source))
    comment = Comment.objects.create(
        story=story,
        author=author,
        parent=parent,
        root=(parent.root or parent) if parent else None,
        depth=min(parent.depth + 1, settings.REPLY_DEPTH_MAX) if parent else 0,
        text_source=text_source,
        body_html=render_comment(text_source),
        idempotency_key=idempotency_key,
        resubmits=resubmits,
        text_key=text_key(text_source),
        band_0=parts[0],
        band_1=parts[1],
        band_2=parts[2],
        band_3=parts[3],
    )
    Revision.objects.create(comment=comment, text_source=text_source)
    return comment


def check_posting(
    *, story: Story, author: User, text_source: str, parent: Comment | None, idempotency_key: str
) -> None:
    """Check everything that can forbid a post.

    Raises:
        PostingError: with one of its codes.
    """
    if not author.is_active:
        raise PostingError("This account is closed.", code="account_not_active")
    if story.site.requires_verified_email and not EmailAddress.objects.filter(user=author, verified=True).exists():
        raise PostingError("Please confirm your e-mail address first.", code="email_not_verified")
    if not discussion_state(story).is_open:
        raise PostingError("This discussion is closed.", code="discussion_closed")
    if not is_visible(text_source):
        raise PostingError("Please write something first.", code="empty_comment_body")
    if len(text_source) > settings.COMMENT_MAX_CHARACTERS:
        raise PostingError(
            f"Your comment has {len(text_source):,} characters; at most {settings.COMMENT_MAX_CHARACTERS:,} fit here. "
            "Please shorten it.",
            code="comment_too_long",
        )
    if parent is not None and (parent.story_id != story.pk or not parent.is_public):
        raise PostingError("The comment that you answer is no longer here.", code="parent_not_available")
    if not 0 < len(idempotency_key) <= MAX_KEY_CHARACTERS:
        raise PostingError("The form was incomplete. Please reload the page and post again.", code="invalid_key")


def is_visible(text: str) -> bool:
    """Say whether there is anything to see: blanks, joiners and marks alone are nothing."""
    return any(unicodedata.category(sign)[0] not in "ZCM" and sign not in BLANK for sign in text)
