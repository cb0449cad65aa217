"""What a closed account wrote is erased from the records too, where its owner wanted the comments deleted."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.comments.models import Comment, Revision
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.escalation_models import Escalation, Referral
from belowline.moderation.models import Appeal, Decision
from belowline.moderation.tagging import Tag


def erase_words(*, author: User) -> int:
    """Erase the texts of a closed account's deleted comments, and what decisions quote of them; return how many.

    Decisions keep their rules and scores: they count in the public figures.

    Raises:
        PermissionDenied: the account is open.
    """
    if author.closed_at is None:
        raise PermissionDenied("only what a closed account wrote is erased")
    with transaction.atomic():
        deleted = Comment.objects.filter(author=author, status=Comment.Status.DELETED)
        bare = {"text_key": "", "band_0": 0, "band_1": 0, "band_2": 0, "band_3": 0}
        count = deleted.update(text_source="", body_html="", relation_source="", **bare)
        Revision.objects.filter(comment__in=deleted).update(text_source="")
        Appeal.objects.filter(decision__comment__in=deleted).update(text_source="", reason="")
        Tag.objects.filter(comment__in=deleted).delete()
        Escalation.objects.filter(comment__in=deleted).update(note="", answer="")
        Referral.objects.filter(comment__in=deleted).update(note="")
        for decision in Decision.objects.filter(comment__in=deleted).iterator():
            _without_quotes(decision)
        record_event(tags.ACCOUNT_ERASED, subject_id=author.pk, actor_id=author.pk, comments=count)
    return count


def _without_quotes(decision: Decision) -> None:
    decision.reasons = [_bare(reason) for reason in decision.reasons]
    decision.noted = [_bare(reason) for reason in decision.noted]
    decision.scores = {name: score | {"evidence": ""} for name, score in decision.scores.items()}
    decision.note_to_author = ""
    decision.save(update_fields=["reasons", "noted", "scores", "note_to_author"])


def _bare(reason: dict[str, Any]) -> dict[str, Any]:
    return reason | {"explanation": ""}
