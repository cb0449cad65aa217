"""A moderator takes a word off a comment again."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.tagging import Tag


def untag_comment(*, tag: Tag, by: User) -> None:
    """Take a tag off its comment, whoever put it there; one that is gone already is no error.

    Raises:
        PermissionDenied: no moderator.
    """
    story = tag.comment.story
    require(by, Action.DECIDE, site=story.site_id, section=story.section)
    with transaction.atomic():
        gone, _ = Tag.objects.filter(pk=tag.pk).delete()
        if gone:
            record_event(
                tags.COMMENT_UNTAGGED,
                subject_id=tag.comment_id,
                site_id=tag.comment.story.site_id,
                actor_id=by.pk,
            )
