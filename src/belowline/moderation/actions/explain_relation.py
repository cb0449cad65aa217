"""An author says how a comment, held as off topic, belongs here; a moderator reads it beside the comment."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.comments.actions.create_comment import is_visible
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import RelationError
from belowline.moderation.topic import topic_reason

MAX_RELATION_CHARACTERS = 500


def explain_relation(*, comment: Comment, by: User, text_source: str) -> None:
    """Keep the author's words, in place of earlier ones; nothing is decided by them.

    Raises:
        PermissionDenied: somebody else wrote the comment.
        RelationError: `relation_empty`, `relation_too_long`, or `nothing_to_explain`: it does not wait for its topic.
    """
    if comment.author_id != by.pk:
        raise PermissionDenied("only its author explains a comment")
    if not is_visible(text_source):
        raise RelationError(gettext("Please write a few words first."), code="relation_empty")
    if len(text_source) > MAX_RELATION_CHARACTERS:
        raise RelationError(
            gettext("Your words have %(length)d characters; at most %(most)d fit here. Please shorten them.")
            % {"length": len(text_source), "most": MAX_RELATION_CHARACTERS},
            code="relation_too_long",
        )
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
        newest = locked.decisions.order_by("-id").first()
        if locked.status != Comment.Status.HELD or topic_reason(newest) is None:
            raise RelationError(
                gettext("This comment does not wait for its topic any more."), code="nothing_to_explain"
            )
        locked.relation_source = text_source.strip()
        locked.save(update_fields=["relation_source", "changed_at"])
        record_event(tags.COMMENT_EXPLAINED, subject_id=locked.pk, site_id=locked.story.site_id, actor_id=by.pk)
