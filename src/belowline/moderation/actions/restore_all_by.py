"""A moderator takes back that all of a commenter's comments were rejected or removed."""

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere
from belowline.events import tags
from belowline.events.models import Event, record_event
from belowline.moderation.actions.undo_batch import undo_batch
from belowline.moderation.batches import Batch
from belowline.moderation.errors import DecidingError


def restore_all_by(*, author: User, batch: Batch, moderator: User) -> Batch:
    """Take the batch back; what something came after stays, and its item says why.

    Raises:
        PermissionDenied: they may not undo it.
        DecidingError: `nothing_to_undo`: it is no batch about this author, or nothing of it is left.
    """
    require_somewhere(moderator, Action.DECIDE_BATCH)
    if batch not in batches_about(author):
        raise DecidingError("Nothing of this is left to be taken back.", code="nothing_to_undo")
    undone = undo_batch(batch=batch, moderator=moderator)
    record_event(
        tags.ACCOUNT_ALL_RESTORED, subject_id=author.pk, actor_id=moderator.pk, batch=batch.pk, undone=undone.undone
    )
    return undone


def batches_about(author: User, limit: int = 5) -> list[Batch]:
    """Return the batches by which all of an author's comments were rejected, the newest first."""
    events = Event.objects.filter(tag=tags.ACCOUNT_ALL_REJECTED, subject_id=author.pk).order_by("-id")[:limit]
    ids = [event.data["batch"] for event in events]
    found = Batch.objects.select_related("moderator").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
