"""Where messages to publishers go, and each message on its way there."""

import secrets
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from belowline.events.models import Event
from belowline.stories.models import Site


def new_nonce() -> str:
    """Return what tells the secret of one endpoint, and of one time, from all others."""
    return secrets.token_hex(16)


def new_number() -> str:
    """Return the number of a message, which every try of it bears."""
    return f"msg_{secrets.token_hex(16)}"


class Webhook(models.Model):
    """An address of a publisher's that is told what happens on a site."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    label = models.CharField(max_length=100, blank=True)
    """What the publisher calls it."""
    types = models.JSONField(default=list)
    """Which types of messages it gets; none named: all that there are."""
    sends_text = models.BooleanField(default=False)
    """Whether messages about a comment hold its text, be it published or not."""
    sends_author = models.BooleanField(default=False)
    """Whether they hold the id by which the publisher itself knows the author."""
    nonce = models.CharField(max_length=32, default=new_nonce)
    """The secret is made of it and of the server's key: whoever reads this table signs nothing."""
    earlier_nonce = models.CharField(max_length=32, blank=True)
    earlier_until = models.DateTimeField(null=True)
    """So long messages are signed with the earlier secret, too."""
    failures = models.PositiveIntegerField(default=0)
    """How many times it has not answered as it should, one after the other."""
    failing_since = models.DateTimeField(null=True)
    """When it first failed after it had last taken a message; None: it did not."""
    resumes_at = models.DateTimeField(null=True)
    """Nothing is sent before; None: nothing holds it up."""
    held_until = models.DateTimeField(null=True)
    """So long a worker may be sending to it, and no other one does."""
    disabled_at = models.DateTimeField(null=True)
    """Since when it is told nothing; None: it is told."""
    disabled_because = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["site"], condition=models.Q(disabled_at=None), name="webhooks_told")]

    def __str__(self) -> str:
        return self.label or f"webhook {self.pk}"

    @property
    def is_on(self) -> bool:
        """Whether it is told what happens."""
        return self.disabled_at is None


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages to publishers."""

    def due(self, now: datetime | None = None) -> "MessageQuerySet":
        """Return what is to be sent now, the oldest first."""
        return self.filter(state=Message.State.WAITING, next_at__lte=now or timezone.now()).order_by("pk")

    def give_up(self, problem: str) -> int:
        """Put what waits on the list of those that could not be delivered; return how many these are."""
        waiting = self.filter(state=Message.State.WAITING)
        return waiting.update(state=Message.State.DEAD, problem=problem[:200], ended_at=timezone.now())

    def wait_again(self, **changes: Any) -> int:
        """Have these sent anew, now, with all their tries; return how many these are."""
        return self.update(
            state=Message.State.WAITING, tries=0, next_at=timezone.now(), ended_at=None, problem="", **changes
        )


class Message(models.Model):
    """One event on its way to one address. It holds ids alone: what is told is read when it is sent."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "to be sent"
        DELIVERED = "delivered", "delivered"
        DEAD = "dead", "given up"

    number = models.CharField(max_length=40, unique=True, default=new_number)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    """None: somebody tries the address out."""
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    """When it is sent next, while it waits."""
    status = models.PositiveSmallIntegerField(null=True)
    """What was answered last; None: nothing was."""
    problem = models.CharField(max_length=200, blank=True)
    """Why the last try failed; empty: it did not."""
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    """When it was delivered, or given up."""

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="told_of_an_event_once")]
        indexes = [
            models.Index(fields=["webhook", "state", "next_at"]),
            models.Index(fields=["state", "ended_at"]),
        ]

    def __str__(self) -> str:
        return self.number
