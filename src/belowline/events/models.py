"""One row for everything that happened; rows are added, never changed."""

from typing import Any

from django.db import models
from django.dispatch import Signal

event_recorded = Signal()
"""Sent with `event`, inside the transaction that records it: receivers enqueue tasks, and do no slow work."""


class AppendOnlyError(Exception):
    """Somebody tried to change or delete an event."""


class EventQuerySet(models.QuerySet["Event"]):
    """Rows to read and to add to."""

    def update(self, **kwargs: Any) -> int:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError("events are never changed; record another one")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError("events are never deleted")


class Event(models.Model):
    """What happened, to what, by whom. No text of comments: ids lead there while it exists."""

    tag = models.CharField(max_length=50)
    subject_id = models.BigIntegerField()
    """The row that the tag's first half names."""
    site_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    """The account that acted; None: the machine."""
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    subject: Any = None
    """The row that `subject_id` names, where whoever records the event has it at hand: receivers need not read it."""

    objects = EventQuerySet.as_manager()

    class Meta:
        # The one large table that could be parted by month, with PostgreSQL: docs/how-to/grow.md, "Large tables".
        indexes = [
            models.Index(fields=["tag", "subject_id"]),
            models.Index(fields=["site_id", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.tag} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row.

        Raises:
            AppendOnlyError: the row is there already.
        """
        if not self._state.adding:
            raise AppendOnlyError("events are never changed; record another one")
        # Never an UPDATE, also not for an id that is taken.
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError("events are never deleted")


def record_event(
    tag: str,
    *,
    subject_id: int,
    subject: Any = None,
    site_id: int | None = None,
    actor_id: int | None = None,
    **data: Any,
) -> Event:
    """Add one event; call it inside the transaction of what it records.

    `subject` is the row that it is about, with all that is true now: receivers read it anew where it is not given.
    """
    event = Event(tag=tag, subject_id=subject_id, site_id=site_id, actor_id=actor_id, data=data)
    event.subject = subject
    event.save()
    event_recorded.send(Event, event=event)
    return event
