"""Erasing what people wrote, and what names them, when its time is over. Each call erases a few rows."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.actions.erase_words import erase_quotes, erase_texts
from belowline.moderation.appeals import appeal_until
from belowline.moderation.batches import Batch
from belowline.moderation.escalation_models import Escalation, Referral
from belowline.moderation.handover import Handover
from belowline.moderation.models import Appeal, Decision, Notice, Nudge, Report
from belowline.moderation.sanction_models import Sanction, SanctionAppeal
from belowline.moderation.team_models import TeamNote

NOTICE = ("name", "email", "explanation_source", "legal_ground", "reason")
"""Of a notice, what its sender and whoever decided wrote."""
REFUSED = (Comment.Status.REJECTED, Comment.Status.REMOVED)


def erase_refused(before: datetime, most: int) -> int:
    """Erase texts of comments that were refused before then: not while somebody can contest that, or has."""
    open_appeal = Appeal.objects.filter(decision__comment=OuterRef("pk"), state=Appeal.State.OPEN)
    open_notice = Notice.objects.filter(comment=OuterRef("pk"), state=Notice.State.OPEN)
    found = (
        Comment.objects.filter(~Exists(open_appeal), ~Exists(open_notice), status__in=REFUSED)
        .exclude(text_source="")
        .annotate(decided_at=Max("decisions__created_at"))
        .filter(decided_at__lt=before)
        .select_related("story__site")
        .order_by("pk")
    )
    return _erase([comment.pk for comment in found[:most] if _is_settled(comment)], REFUSED)


def erase_deleted(before: datetime, most: int) -> int:
    """Erase texts of comments that their authors deleted before then."""
    found = Comment.objects.filter(status=Comment.Status.DELETED, changed_at__lt=before).exclude(text_source="")
    return _erase(list(found.order_by("pk").values_list("pk", flat=True)[:most]), (Comment.Status.DELETED,))


def erase_decisions(before: datetime, most: int) -> int:
    """Erase what decisions from before then quote, and what was written to authors about them."""
    old = Decision.objects.filter(created_at__lt=before, is_bare=False).order_by("pk")
    with transaction.atomic():
        found = list(old[:most])
        erase_quotes(found)
        Decision.objects.filter(pk__in=[row.pk for row in found]).update(is_bare=True)
    return len(found)


def erase_cases(before: datetime, most: int) -> int:
    """Erase what people wrote in what was settled before then: reports, appeals, notices, escalations, measures."""
    ended = Q(ends_at__lt=before) | Q(lifted_at__lt=before) | Q(ends_at=None, acknowledged_at__lt=before)
    steps = (
        (Report.objects.filter(decided_at__lt=before), {"text_source": ""}),
        (Appeal.objects.filter(decided_at__lt=before), {"text_source": "", "reason": ""}),
        (Notice.objects.filter(decided_at__lt=before), dict.fromkeys(NOTICE, "")),
        (Escalation.objects.filter(ended_at__lt=before), {"note": "", "answer": ""}),
        (Referral.objects.filter(created_at__lt=before), {"note": ""}),
        (Batch.objects.filter(created_at__lt=before), {"chosen": "", "word": ""}),
        (Sanction.objects.filter(ended), {"words": "", "lifted_because": ""}),
        (SanctionAppeal.objects.filter(decided_at__lt=before), {"text_source": "", "reason": ""}),
    )
    count = 0
    for rows, bare in steps:
        full = rows.exclude(**bare).order_by("pk").values_list("pk", flat=True)
        count += rows.model.objects.filter(pk__in=list(full[: most - count])).update(**bare)
        if count >= most:
            break
    return count


def delete_notes(before: datetime, most: int) -> int:
    """Delete what the team wrote for each other before then: notes about people, handovers that were seen to."""
    steps = (
        TeamNote.objects.filter(created_at__lt=before),
        Handover.objects.filter(closed_at__lt=before),
        Nudge.objects.filter(created_at__lt=before),
    )
    count = 0
    for rows in steps:
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[: most - count])
        count += rows.model._base_manager.filter(pk__in=ids).delete()[0]  # noqa: SLF001 - as Django itself deletes
        if count >= most:
            break
    return count


def _is_settled(comment: Comment) -> bool:
    """Say whether a refused comment's newest decision cannot be contested any more."""
    newest = comment.decisions.order_by("-id")[0]
    return appeal_until(newest, comment.story.site) < timezone.now()


def _erase(ids: list[int], statuses: tuple[str, ...]) -> int:
    """Erase the texts of these comments, of those that still stand there."""
    if not ids:
        return 0
    with transaction.atomic():
        rows = Comment.objects.filter(pk__in=ids, status__in=statuses)
        locked = list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
        return erase_texts(Comment.objects.filter(pk__in=locked))
