"""A moderator puts a word on a comment, to find it again."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.batches import Batch
from belowline.moderation.errors import DecidingError
from belowline.moderation.tagging import MAX_CHARACTERS, Tag, tidy


def tag_comment(*, comment: Comment, by: User, word: str, batch: Batch | None = None) -> Tag:
    """Put a word of 1 to 40 characters on a comment; nothing else about it changes.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `tag_empty`, `tag_too_long` or `already_tagged`.
    """
    require(by, Action.DECIDE, site=comment.story.site_id, section=comment.story.section)
    tidied = check_tag(word)
    with transaction.atomic():
        tag, is_new = Tag.objects.get_or_create(
            comment=comment, word=tidied, defaults={"tagged_by": by, "batch": batch}
        )
        if not is_new:
            raise DecidingError(f"The comment has the tag “{tidied}” already.", code="already_tagged")
        record_event(
            tags.COMMENT_TAGGED, subject_id=comment.pk, site_id=comment.story.site_id, actor_id=by.pk, tag_id=tag.pk
        )
    return tag


def check_tag(word: str) -> str:
    """Return a word as it is kept.

    Raises:
        DecidingError: `tag_empty` or `tag_too_long`.
    """
    tidied = tidy(word)
    if not tidied:
        raise DecidingError("Write a tag: a word or two to find the comments again by.", code="tag_empty")
    if len(tidied) > MAX_CHARACTERS:
        raise DecidingError(
            f"A tag has at most {MAX_CHARACTERS} characters; this one has {len(tidied)}.", code="tag_too_long"
        )
    return tidied
