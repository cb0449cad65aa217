"""An author contests that their comment was rejected or removed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.appeals import why_not_appeal
from belowline.moderation.errors import AppealError
from belowline.moderation.models import Appeal

MAX_APPEAL_CHARACTERS = 2_000


def submit_appeal(*, comment: Comment, author: User, text_source: str = "", last_seen: int | None = None) -> Appeal:
    """Contest the newest decision about a comment; `last_seen` is the id of the decision that the author saw.

    Raises:
        PermissionDenied: somebody else wrote it.
        AppealError: `cannot_appeal`, `already_appealed`, `appeal_too_late` or `appeal_too_long`.
    """
    if comment.author_id != author.pk:
        raise PermissionDenied("only its author contests a decision")
    if len(text_source) > MAX_APPEAL_CHARACTERS:
        raise AppealError(
            f"Your explanation has {len(text_source):,} characters; at most {MAX_APPEAL_CHARACTERS:,} fit here.",
            code="appeal_too_long",
        )
    with transaction.atomic():
        locked = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=comment.pk)
        )
        newest = locked.decisions.order_by("-id")[0]
        if last_seen and newest.pk != last_seen:
            raise AppealError("This comment was decided about anew meanwhile. Please look again.", code="cannot_appeal")
        if found := why_not_appeal(locked, newest):
            code, message = found
            raise AppealError(message, code=code)
        appeal = Appeal.objects.create(decision=newest, text_source=text_source.strip())
        record_event(
            tags.APPEAL_SUBMITTED,
            subject_id=appeal.pk,
            site_id=locked.story.site_id,
            actor_id=author.pk,
            decision=newest.pk,
        )
    return appeal
