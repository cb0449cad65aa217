"""An author contests that their comment was rejected or removed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.appeals import why_not_appeal
from belowline.moderation.errors import AppealError
from belowline.moderation.models import Appeal
from belowline.moderation.queueing import requeue

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
        raise AppealError(_too_long(len(text_source)), code="appeal_too_long")
    with transaction.atomic():
        locked = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=comment.pk)
        )
        newest = locked.decisions.order_by("-id")[0]
        if last_seen and newest.pk != last_seen:
            anew = gettext("This comment was decided about anew meanwhile. Please look again.")
            raise AppealError(anew, code="cannot_appeal")
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
        requeue(locked)
    return appeal


def _too_long(length: int) -> str:
    return gettext("Your explanation has %(length)s characters; at most %(most)s fit here.") % {
        "length": number_format(length, force_grouping=True),
        "most": number_format(MAX_APPEAL_CHARACTERS, force_grouping=True),
    }
