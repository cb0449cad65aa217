"""What waits for a person, one row a comment and queue.

Nothing here is a fact of its own: `queueing.requeue` works the rows out from comments, decisions, reports and appeals.
They are kept so that ten thousand can be put in order by reading an index.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from belowline.comments.models import Comment
from belowline.stories.models import Site, Story

CLAIM = timedelta(minutes=5)
"""For so long nobody else gets what a moderator looks at."""
LONGEST = 2 * CLAIM
"""A claim that would last longer was made before the clock was set back, and is over."""


def is_free(now: datetime) -> models.Q:
    """Return what says of an entry that nobody looks at it now."""
    return (
        models.Q(claimed_by=None)
        | models.Q(claimed_until=None)
        | models.Q(claimed_until__lte=now)
        | models.Q(claimed_until__gt=now + LONGEST)
    )


class QueueEntrySet(models.QuerySet["QueueEntry"]):
    """Rows of queues, and who looks at them."""

    def claimed(self, now: datetime) -> "QueueEntrySet":
        """Return those that a moderator looks at now."""
        return self.filter(claimed_by__isnull=False, claimed_until__gt=now, claimed_until__lte=now + LONGEST)

    def free(self, now: datetime) -> "QueueEntrySet":
        """Return those that nobody looks at now."""
        return self.filter(is_free(now))


class QueueEntry(models.Model):
    """A comment waits in a queue of the desk."""

    class Queue(models.TextChoices):
        """What it waits for."""

        HELD = "held", "Held"
        REPORTED = "reported", "Reported"
        APPEALS = "appeals", "Appeals"
        ESCALATED = "escalated", "Escalated"
        NEWSROOM = "newsroom", "Newsroom"
        CORRECTIONS = "corrections", "Corrections"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="queue_entries")
    queue = models.CharField(max_length=15, choices=Queue)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    section = models.CharField(max_length=100, blank=True)
    """Of the story; empty: it has none."""
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10, blank=True)
    """As the engine found it; empty: it could not say."""
    rule = models.CharField(max_length=100, blank=True)
    """The gravest rule that was met; empty: none, or only that it was reported."""
    risk = models.FloatField()
    """How much harm it may do, in [0, 1]: moderation.risk."""
    reach = models.PositiveIntegerField()
    """How lively the discussion was when it came here, in comments a day."""
    rank = models.FloatField()
    """Where the order by risk has it: the higher, the sooner. moderation.risk says how it is made."""
    waiting_since = models.DateTimeField()
    is_unchecked = models.BooleanField(default=False)
    """A rule could not be checked by machine."""
    is_first = models.BooleanField(default=False)
    """Nothing of its author is published."""
    values = models.JSONField(default=dict)
    """{score: value in [0, 1]} of what the engine measured last; what it could not measure is not there."""
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    """Until then nobody else gets it."""

    objects = QueueEntrySet.as_manager()

    class Meta:
        verbose_name_plural = "queue entries"
        constraints = [models.UniqueConstraint(fields=["queue", "comment"], name="waits_once_per_queue")]
        indexes = [
            models.Index(fields=["queue", "-rank", "id"]),
            models.Index(fields=["queue", "waiting_since", "id"]),
            models.Index(fields=["queue", "rule"]),
        ]

    def __str__(self) -> str:
        return f"{self.queue}: comment {self.comment_id}"

    def is_with_another(self, moderator_id: int, now: datetime) -> bool:
        """Say whether somebody else looks at it now."""
        return (
            self.claimed_by_id not in {None, moderator_id}
            and self.claimed_until is not None
            and now < self.claimed_until <= now + LONGEST
        )
