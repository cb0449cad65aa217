"""A moderator takes a whole batch back: every decision of it that nothing came after."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.run_batch import CHUNK, cause_of, lock_comments
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.actions.untag_comment import untag_comment
from belowline.moderation.actions.withdraw_escalation import withdraw_escalation
from belowline.moderation.batches import Batch, BatchItem
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalation_models import Escalation


def undo_batch(*, batch: Batch, moderator: User) -> Batch:
    """Take back what still stands of a batch, some comments at a time; returns it with its counts.

    Tags come off again, and escalations that nobody has answered are withdrawn. A decision that can no longer be undone
    alone stays, and its item says why. Where the database gave up half-way, doing it again goes on with the rest.

    Raises:
        PermissionDenied: no moderator, or the batch is a colleague's.
        DecidingError: `nothing_to_undo`: nothing of it is left to be taken back.
    """
    is_own = batch.moderator_id == moderator.pk
    require_somewhere(moderator, Action.DECIDE_BATCH if is_own else Action.UNDO_OTHERS)
    done = batch.items.filter(state=BatchItem.State.DONE)
    ids = list(done.order_by("-comment_id").values_list("comment_id", flat=True))
    if not ids:
        raise DecidingError("Nothing of this is left to be taken back.", code="nothing_to_undo")
    for start in range(0, len(ids), CHUNK):
        _undo_chunk(batch, ids[start : start + CHUNK], moderator)
    return _finish(batch, moderator)


def _undo_chunk(batch: Batch, ids: Sequence[int], moderator: User) -> None:
    with transaction.atomic():
        lock_comments(ids)
        # Read after the lock: somebody else may be taking back the same batch.
        done = batch.items.filter(comment__in=ids, state=BatchItem.State.DONE)
        items = list(done.select_related("decision__undone_by").order_by("-comment_id"))
        for item in items:
            _undo_one(item, batch, moderator)
        BatchItem.objects.bulk_update(items, ["state", "cause"])


def _undo_one(item: BatchItem, batch: Batch, moderator: User) -> None:
    try:
        _take_back(item, batch, moderator)
        item.state = BatchItem.State.UNDONE
    except (DecidingError, PermissionDenied) as error:
        item.state, item.cause = BatchItem.State.KEPT, cause_of(error)


def _take_back(item: BatchItem, batch: Batch, moderator: User) -> None:
    if batch.act == Batch.Act.TAG:
        for tag in batch.tags.filter(comment=item.comment_id).select_related("comment__story"):
            untag_comment(tag=tag, by=moderator)
    elif batch.act == Batch.Act.ESCALATE:
        asked = Escalation.objects.filter(comment=item.comment_id, asked_by=batch.moderator, colleague=None)
        for escalation in asked.filter(state=Escalation.State.OPEN, created_at__gte=batch.created_at):
            withdraw_escalation(escalation=escalation, by=moderator)
    elif item.decision and not hasattr(item.decision, "undone_by"):  # else somebody took this one back alone
        undo_decision(decision=item.decision, moderator=moderator)


def _finish(batch: Batch, moderator: User) -> Batch:
    with transaction.atomic():
        batch.undone = batch.items.filter(state=BatchItem.State.UNDONE).count()
        batch.undone_at, batch.undone_by = timezone.now(), moderator
        batch.save(update_fields=["undone", "undone_at", "undone_by"])
        record_event(
            tags.BATCH_UNDONE, subject_id=batch.pk, actor_id=moderator.pk, undone=batch.undone, kept=batch.kept
        )
    return batch
