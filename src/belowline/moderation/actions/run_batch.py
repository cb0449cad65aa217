"""One deed is done to many comments, some at a time, so that nobody else waits long for the database."""

import logging
from collections.abc import Callable, Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import Q

from belowline.comments.models import Comment
from belowline.engine.errors import BelowlineError
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.batches import Batch, BatchItem
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision

CHUNK = 20
"""So many comments are one transaction: others write in between, also where the database has one writer."""
MAX_COMMENTS = 1_000
"""More are refused: each costs some milliseconds, and the moderator waits for the answer."""
NOT_ALLOWED = "not_allowed"
"""Why an item was skipped: the moderator may not do this to that comment."""

logger = logging.getLogger(__name__)


def run_batch(*, batch: Batch, comments: Iterable[int], deed: Callable[[Comment], Decision | None]) -> Batch:
    """Write the batch down, do the deed to each comment, and record how it went; returns the batch with its counts.

    The deed gets a comment whose row is locked; where it refuses by a BelowlineError or PermissionDenied, the comment
    is skipped. What the database could not save is not reached, and what was done before stays done.

    Raises:
        DecidingError: `nothing_chosen` or `batch_too_large`.
        DatabaseError: not even the batch could be written down; nothing was changed.
    """
    ids = _known(comments)
    with transaction.atomic():
        batch.asked = len(ids)
        batch.save()
        BatchItem.objects.bulk_create(BatchItem(batch=batch, comment_id=pk) for pk in ids)
    try:
        for start in range(0, len(ids), CHUNK):
            _run_chunk(batch, ids[start : start + CHUNK], deed)
    except DatabaseError as error:
        # Only the type: the message may quote values.
        logger.error("a batch was cut short (%s)", type(error).__name__)  # noqa: TRY400
    return _finish(batch)


def _known(comments: Iterable[int]) -> list[int]:
    """Return the ids of comments that there are, the newest first: the order in which rows are locked."""
    chosen = set(comments)
    if len(chosen) > MAX_COMMENTS:
        raise DecidingError(
            f"These are {len(chosen):,} comments; at most {MAX_COMMENTS:,} go at once. Choose fewer.",
            code="batch_too_large",
        )
    found = list(Comment.objects.filter(pk__in=chosen).order_by("-pk").values_list("pk", flat=True))
    if not found:
        raise DecidingError("No comment is chosen. Choose one at least.", code="nothing_chosen")
    return found


def _run_chunk(batch: Batch, ids: Sequence[int], deed: Callable[[Comment], Decision | None]) -> None:
    with transaction.atomic():
        locked = lock_comments(ids)
        items = list(BatchItem.objects.filter(batch=batch, comment__in=ids).order_by("-comment_id"))
        for item in items:
            _run_one(item, locked[item.comment_id], deed)
        BatchItem.objects.bulk_update(items, ["decision", "state", "cause"])


def _run_one(item: BatchItem, comment: Comment, deed: Callable[[Comment], Decision | None]) -> None:
    try:
        item.decision = deed(comment)
        item.state = BatchItem.State.DONE
    except (BelowlineError, PermissionDenied) as error:
        item.state, item.cause = BatchItem.State.SKIPPED, cause_of(error)


def cause_of(error: Exception) -> str:
    """Return the code under which an item keeps why it was not done."""
    return getattr(error, "code", NOT_ALLOWED)


def lock_comments(ids: Sequence[int]) -> dict[int, Comment]:
    """Lock the comments with the ones that their threads began with, and return them by their ids.

    From the newest to the oldest, for whoever decides about one reply locks it before the comment above, whose counter
    changes with it: in this order two never wait for each other.
    """
    roots = Comment.objects.filter(pk__in=ids, root__isnull=False).values("root")
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story__site")
    return {comment.pk: comment for comment in rows.filter(Q(pk__in=ids) | Q(pk__in=roots)).order_by("-pk")}


def _finish(batch: Batch) -> Batch:
    with transaction.atomic():
        batch.done = batch.items.filter(state=BatchItem.State.DONE).count()
        batch.skipped = batch.items.filter(state=BatchItem.State.SKIPPED).count()
        batch.save(update_fields=["done", "skipped"])
        record_event(
            tags.BATCH_DECIDED,
            subject_id=batch.pk,
            actor_id=batch.moderator_id,
            act=batch.act,
            asked=batch.asked,
            done=batch.done,
            skipped=batch.skipped,
        )
    return batch
