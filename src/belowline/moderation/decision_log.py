"""Reading what people decided, one by one and at once, the newest first, and what of it can still be taken back."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from belowline.comments.models import Comment
from belowline.moderation.bands import newest_decisions
from belowline.moderation.batches import Batch, BatchItem
from belowline.moderation.models import Appeal, Decision

PAGE = 40
Rows = TypeVar("Rows", QuerySet[Decision], QuerySet[Batch])


class Entry(NamedTuple):
    """Something that a person did: one decision, or a batch."""

    at: datetime
    decision: Decision | None = None
    batch: Batch | None = None
    can_undo: bool = False
    """Whether anything of it can still be taken back."""


class Asked(NamedTuple):
    """Which part of the history is wanted."""

    by: int | None = None
    """A moderator's id; None: everybody."""
    act: str = ""
    """An outcome; empty: all."""
    before: datetime | None = None
    """Only what is older; None: from now on."""


def read_log(decisions: QuerySet[Decision], batches: QuerySet[Batch], asked: Asked) -> tuple[list[Entry], bool]:
    """Return a page of what was done, the newest first, and whether there is more.

    Decisions of a batch are left out: the batch stands for them.
    """
    alone = narrowed(decisions.filter(maker=Decision.Maker.PERSON, batch_item=None), asked, "outcome")
    alone = alone.select_related("comment__story", "comment__author", "moderator").defer("scores", "noted")
    many = narrowed(batches, asked, "act").select_related("moderator", "undone_by")
    rows: list[Decision | Batch] = [*alone.order_by("-created_at", "-id")[: PAGE + 1]]
    rows += many.order_by("-created_at", "-id")[: PAGE + 1]
    rows.sort(key=lambda row: row.created_at, reverse=True)
    shown = rows[:PAGE]
    standing = undoable([row for row in shown if isinstance(row, Decision)])
    return [_entry(row, standing) for row in shown], len(rows) > PAGE


def _entry(row: Decision | Batch, standing: Collection[int]) -> Entry:
    if isinstance(row, Batch):
        return Entry(row.created_at, batch=row, can_undo=row.done > 0 and row.undone_at is None)
    return Entry(row.created_at, decision=row, can_undo=row.pk in standing)


def narrowed(rows: Rows, asked: Asked, act: str) -> Rows:
    """Return the rows that are asked for; `act` is the field that says what was done."""
    wanted = Q()
    if asked.by is not None:
        wanted &= Q(moderator=asked.by)
    if asked.act:
        wanted &= Q(**{act: asked.act})
    if asked.before is not None:
        wanted &= Q(created_at__lt=asked.before)
    return rows.filter(wanted)


def undoable(decisions: Collection[Decision]) -> set[int]:
    """Return the ids of the decisions, each with its comment, that `undo_decision` would take back.

    They are the newest of their comments, are no undoing themselves, settled no appeal and are contested by none, and
    the comments are still there.
    """
    newest = newest_decisions(decision.comment_id for decision in decisions)
    asked = {
        decision.pk
        for decision in decisions
        if newest[decision.comment_id] == decision.pk
        and decision.undoes_id is None
        and decision.comment.status != Comment.Status.DELETED
    }
    open_appeals = Appeal.objects.filter(decision__in=asked, state=Appeal.State.OPEN).values_list("decision", flat=True)
    settling = Appeal.objects.filter(result__in=asked).values_list("result", flat=True)
    return asked - {*open_appeals, *settling}


def batch_items(batch: Batch) -> QuerySet[BatchItem]:
    """Return a batch's comments in the order in which they were dealt with, with their decisions, stories, authors."""
    rows = batch.items.select_related("decision", "comment__story", "comment__author")
    return rows.defer("decision__scores", "decision__noted", "comment__body_html").order_by("-comment_id")
