"""What a closed account wrote is erased from the records too, where its owner wanted the comments deleted.

So are the texts of refused and deleted comments once their time is over: belowline.retention.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from belowline.accounts.models import User
from belowline.comments.models import Comment, Revision, StorySubjects
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
        count = erase_texts(deleted)
        record_event(tags.ACCOUNT_ERASED, subject_id=author.pk, actor_id=author.pk, comments=count)
    return count


def erase_texts(comments: QuerySet[Comment]) -> int:
    """Erase these comments' texts, and every word that quotes them or is about them; return how many these are.

    Call it in a transaction. Which comments these are must not depend on their texts.
    """
    bare = {"text_key": "", "band_0": 0, "band_1": 0, "band_2": 0, "band_3": 0}
    count = comments.update(text_source="", body_html="", relation_source="", **bare)
    Revision.objects.filter(comment__in=comments).update(text_source="")
    Appeal.objects.filter(decision__comment__in=comments).update(text_source="", reason="")
    Tag.objects.filter(comment__in=comments).delete()
    Escalation.objects.filter(comment__in=comments).update(note="", answer="")
    Referral.objects.filter(comment__in=comments).update(note="")
    erase_quotes(Decision.objects.filter(comment__in=comments).iterator())
    _forget_subjects(set(comments.values_list("pk", flat=True)), comments)
    return count


def _forget_subjects(ids: set[int], comments: QuerySet[Comment]) -> None:
    """Have the subjects of discussions named anew that were named by words of these comments, too."""
    from belowline.moderation.tasks import keep_subjects

    for row in StorySubjects.objects.filter(story__in=comments.values("story")).exclude(found=[]):
        if any(not ids.isdisjoint(subject["comments"]) for subject in row.found):
            StorySubjects.objects.filter(pk=row.pk).update(found=[])
            keep_subjects.enqueue(row.pk)


def erase_quotes(decisions: Iterable[Decision]) -> int:
    """Take out of decisions what they quote and what was written to authors; return how many there were.

    They keep their rules and scores.
    """
    count = 0
    for decision in decisions:
        count += 1
        _without_quotes(decision)
    return count


def _without_quotes(decision: Decision) -> None:
    decision.reasons = [_bare(reason) for reason in decision.reasons]
    decision.noted = [_bare(reason) for reason in decision.noted]
    decision.scores = {name: score | {"evidence": ""} for name, score in decision.scores.items()}
    decision.note_to_author = ""
    decision.save(update_fields=["reasons", "noted", "scores", "note_to_author"])


def _bare(reason: dict[str, Any]) -> dict[str, Any]:
    return reason | {"explanation": ""}
