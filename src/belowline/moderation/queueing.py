"""What waits where: the entries of a comment, worked out anew from what is true now."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation import risk
from belowline.moderation.escalation_models import Escalation
from belowline.moderation.hiding import is_hiding
from belowline.moderation.models import Appeal, Decision, Report
from belowline.moderation.premoderation import NO_RULES
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.report_models import ReportTally
from belowline.moderation.reporters import UNPROVEN_WEIGHT, records_of
from belowline.stories.models import Story

Queue = QueueEntry.Queue
QUEUE_OF_DESK = {"moderators": Queue.HELD, "newsroom": Queue.NEWSROOM, "corrections": Queue.CORRECTIONS}
DIGITS = 3
"""Of the values that are kept beside an entry."""
CONTESTED = (Comment.Status.REJECTED, Comment.Status.REMOVED)
CHUNK = 500


class Waiting(NamedTuple):
    """Why a comment waits in a queue, and since when."""

    queue: str
    since: datetime
    rule: str = ""
    risk: float | None = None
    """In [0, 1]; None: what the engine measured says it."""


def requeue(comment: Comment, *, is_new: bool = False) -> None:
    """Write the entries of a comment anew; call it in the transaction of what changed, and as often as you like.

    The row that is handed in says what is true: whoever calls has locked it, and changed it. Claims stay: whoever looks
    at a comment goes on looking at it. `is_new`: it was written in this transaction, so that nobody has reported it or
    left it to others, and it has no entries yet.
    """
    if is_new:
        found = {one.queue: one for one in [_held(comment)]} if comment.status == Comment.Status.HELD else {}
    else:
        found = {waiting.queue: waiting for waiting in find_waiting(comment)}
        QueueEntry.objects.filter(comment=comment).exclude(queue__in=found).delete()
    has_published = comment.is_public or _has_published(comment)
    if found:
        kept = {} if is_new else {entry.queue: entry for entry in QueueEntry.objects.filter(comment=comment)}
        facts = _facts(comment) | {"is_first": not has_published}
        for queue, waiting in found.items():
            _write(kept.get(queue) or QueueEntry(comment=comment, queue=queue), waiting, facts)
    _tell_others(comment, is_first=not has_published)


def _has_published(comment: Comment) -> bool:
    return Comment.objects.filter(author=comment.author_id, status=Comment.Status.PUBLISHED).exists()


LARGE = ("text_source", "body_html")


def find_waiting(comment: Comment) -> Iterator[Waiting]:
    """Yield in which queues a comment waits, by what is true now.

    What somebody has left to others waits for them, and not among the held ones.
    """
    escalated = _escalated(comment)
    if escalated:
        yield escalated
    if comment.status == Comment.Status.HELD:
        if not escalated:
            yield _held(comment)
    elif comment.status == Comment.Status.PUBLISHED:
        yield from _reported(comment)
        yield from _listed(comment)
    elif comment.status in CONTESTED:
        yield from _contested(comment)


def _held(comment: Comment) -> Waiting:
    """Return where a held comment waits: at the desk of its first reason, since it was written or changed."""
    reasons = comment.decisions.order_by("-id").values_list("reasons", flat=True).first() or [{}]
    first = reasons[0]
    if is_hiding(reasons):
        return Waiting(Queue.HELD, _hidden_since(comment), first["rule"], max(risk.HIDDEN, _report_risk(comment)))
    queue = QUEUE_OF_DESK.get(first.get("desk", "moderators"), Queue.HELD)
    since = comment.edited_at or comment.created_at
    return Waiting(queue, since, first.get("rule", ""), None if queue == Queue.HELD else risk.ROUTED)


def _escalated(comment: Comment) -> Waiting | None:
    """Return since when a comment is left to whoever answers escalations, where it is."""
    if comment.status in {Comment.Status.PENDING, Comment.Status.DELETED}:
        return None
    waiting = Escalation.objects.filter(comment=comment, state=Escalation.State.OPEN, colleague=None)
    since = waiting.values_list("created_at", flat=True).first()
    rule = _held(comment).rule if since and comment.status == Comment.Status.HELD else ""
    return Waiting(Queue.ESCALATED, since, rule, risk.ESCALATED) if since else None


def _reported(comment: Comment) -> Iterator[Waiting]:
    waiting = Report.objects.filter(comment=comment, state=Report.State.OPEN).order_by("created_at")
    since = waiting.values_list("created_at", flat=True).first()
    # What was kept before waits only when enough is new.
    if since and not ReportTally.objects.filter(comment=comment, is_waiting=False).exists():
        yield Waiting(Queue.REPORTED, since, risk=_report_risk(comment))


def _report_risk(comment: Comment) -> float:
    """Return the risk of harm by what readers say: a report counts as one where nothing is known of its reporter."""
    reports = Report.objects.filter(comment=comment, state=Report.State.OPEN).values_list("reporter_id", "category")
    records = records_of([reporter for reporter, _ in reports])
    weights: dict[str, float] = {}
    for reporter, category in reports:
        weights[category] = weights.get(category, 0.0) + records[reporter].weight / UNPROVEN_WEIGHT
    return risk.report_risk(weights)


def _hidden_since(comment: Comment) -> datetime:
    newest = comment.decisions.order_by("-id").values_list("created_at", flat=True)
    return newest[0]


def _listed(comment: Comment) -> Iterator[Waiting]:
    """Yield the desks that a published comment is listed for and that have not seen to it."""
    kinds = (tags.COMMENT_LISTED, tags.COMMENT_HANDLED)
    events = Event.objects.filter(tag__in=kinds, subject_id=comment.pk).order_by("-id")
    listed: dict[str, datetime] = {}
    handled = set()
    for tag, data, at in events.values_list("tag", "data", "created_at"):
        if tag == tags.COMMENT_HANDLED:
            handled.add(data["desk"])
        elif data["desk"] not in handled:  # the newest first: what was seen to may have been sent there again since
            listed[data["desk"]] = at
    for desk, since in listed.items():
        yield Waiting(QUEUE_OF_DESK[desk], since, risk=risk.ROUTED)


def _contested(comment: Comment) -> Iterator[Waiting]:
    appeals = Appeal.objects.filter(decision__comment=comment, state=Appeal.State.OPEN).order_by("created_at")
    for at, reasons in appeals.values_list("created_at", "decision__reasons")[:1]:
        yield Waiting(Queue.APPEALS, at, reasons[0]["rule"] if reasons else "", risk.APPEALED)


def _facts(comment: Comment) -> dict[str, Any]:
    """Return what all entries of a comment have in common."""
    # Anew: how many comments there are has changed a moment ago.
    story = Story.objects.only("site", "section", "comment_count", "published_at").get(pk=comment.story_id)
    judged = comment.decisions.filter(maker=Decision.Maker.ENGINE).order_by("-id").first()
    values, unchecked = split_scores(judged.scores) if judged else ({}, [])
    held_unchecked = _unchecked_scores(judged) if judged else []
    return {
        "site_id": story.site_id,
        "section": story.section,
        "story": story,
        "language": judged.language if judged else "",
        "reach": risk.comments_a_day(story.comment_count, timezone.now() - story.published_at),
        "is_unchecked": bool(held_unchecked) or not values,
        "values": values,
        "risk": risk.machine_risk(values, held_unchecked if values else unchecked),
    }


def split_scores(scores: dict[str, Any]) -> tuple[dict[str, float], list[str]]:
    """Return what was measured, in three digits, and the names of what could not be."""
    measured = {name: round(score["value"], DIGITS) for name, score in scores.items() if score["value"] is not None}
    return measured, [name for name in scores if name not in measured]


def _unchecked_scores(judged: Decision) -> list[str]:
    """Return the scores for want of which the comment is held."""
    return [reason["signal"] for reason in judged.reasons if reason["score"] is None and reason["rule"] not in NO_RULES]


def _write(entry: QueueEntry, waiting: Waiting, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(entry, name, value)
    entry.rule, entry.waiting_since = waiting.rule, waiting.since
    entry.risk = facts["risk"] if waiting.risk is None else waiting.risk
    entry.rank = risk.rank(entry.risk, entry.reach, entry.waiting_since)
    # Not the claim: somebody may take the comment this very moment.
    written = (*facts, "rule", "waiting_since", "rank")
    entry.save(update_fields=None if entry.pk is None else written)


def _tell_others(comment: Comment, *, is_first: bool) -> None:
    """Say on the author's other entries whether anything of theirs is published.

    Those that somebody decides about this very moment are left: waiting for them could be waiting for each other.
    """
    open_ones = Comment.objects.filter(author=comment.author_id).exclude(status=Comment.Status.DELETED)
    others = QueueEntry.objects.filter(comment__in=open_ones, is_first=not is_first).exclude(comment=comment)
    if ids := list(others.select_for_update(skip_locked=True).values_list("pk", flat=True)):
        QueueEntry.objects.filter(pk__in=ids).update(is_first=is_first)


def should_wait() -> QuerySet[Comment]:
    """Return every comment that may wait somewhere, by what is true now."""
    reported = Report.objects.filter(state=Report.State.OPEN).values("comment")
    contested = Appeal.objects.filter(state=Appeal.State.OPEN).values("decision__comment")
    listed = Event.objects.filter(tag=tags.COMMENT_LISTED).values("subject_id")
    escalated = Escalation.objects.filter(state=Escalation.State.OPEN, colleague=None).values("comment")
    return Comment.objects.filter(
        Q(status=Comment.Status.HELD)
        | Q(status=Comment.Status.PUBLISHED, pk__in=reported)
        | Q(status=Comment.Status.PUBLISHED, pk__in=listed)
        | Q(status__in=CONTESTED, pk__in=contested)
        | Q(pk__in=escalated)
    ).order_by("pk")


def find_drift() -> set[int]:
    """Return the ids of comments whose entries say something else than what is true."""
    kept: dict[int, set[str]] = {}
    for pk, queue in QueueEntry.objects.values_list("comment_id", "queue"):
        kept.setdefault(pk, set()).add(queue)
    drifted = set(kept)
    for comment in should_wait().defer(*LARGE).iterator(chunk_size=CHUNK):
        queues = {waiting.queue for waiting in find_waiting(comment)}
        if queues == kept.get(comment.pk, set()):
            drifted.discard(comment.pk)
        else:
            drifted.add(comment.pk)
    return drifted


def recount() -> int:
    """Write the entries of every comment anew that waits or seems to; return how many said something false."""
    drifted = find_drift()
    ids = {*drifted, *should_wait().values_list("pk", flat=True)}
    for pk in sorted(ids):
        with transaction.atomic():
            requeue(Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=pk))
    return len(drifted)
