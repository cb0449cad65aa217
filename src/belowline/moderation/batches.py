"""Many comments that a moderator dealt with at once, one by one on record, so that all of it can be taken back."""

from django.conf import settings
from django.db import models

from belowline.comments.models import Comment


class Batch(models.Model):
    """What one click did to many comments."""

    class Act(models.TextChoices):
        """What was done to each of them."""

        PUBLISH = "publish", "published"
        REJECT = "reject", "rejected"
        HOLD = "hold", "held"
        REMOVE = "remove", "removed"
        ESCALATE = "escalate", "escalated"
        TAG = "tag", "tagged"

    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches")
    act = models.CharField(max_length=10, choices=Act)
    rule = models.CharField(max_length=100, blank=True)
    """The rule that the comments break; empty where none was named."""
    word = models.CharField(max_length=40, blank=True)
    """The tag that they got; empty: none."""
    chosen = models.CharField(max_length=300, blank=True)
    """How they were chosen, in words, such as “Personal abuse, 75 to 92 %”."""
    asked = models.PositiveIntegerField()
    """How many comments were chosen."""
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    """How many were left as they were; each item says why. What is neither done nor skipped was not reached."""
    undone = models.PositiveIntegerField(default=0)
    """How many of those done were taken back again."""
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    """When it was taken back; None: it stands."""
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=["moderator", "-id"])]

    def __str__(self) -> str:
        return f"batch {self.pk}"

    @property
    def unreached(self) -> int:
        """How many comments the server did not come to: it was stopped, or its disk was full."""
        return self.asked - self.done - self.skipped

    @property
    def kept(self) -> int:
        """How many could not be taken back, once it was: something came after them."""
        return self.done - self.undone if self.undone_at else 0


class BatchItem(models.Model):
    """One comment of a batch, and what became of it."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "not reached"
        DONE = "done", "done"
        SKIPPED = "skipped", "left as it was"
        UNDONE = "undone", "taken back"
        KEPT = "kept", "could not be taken back"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField("Decision", on_delete=models.PROTECT, null=True, related_name="batch_item")
    """What was decided; None: it was skipped, or what was done is no decision."""
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    cause = models.CharField(max_length=40, blank=True)
    """Why it was skipped or kept: an error's code, or `not_allowed`."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "comment"], name="once_in_a_batch")]
        indexes = [models.Index(fields=["batch", "state"])]

    def __str__(self) -> str:
        return f"comment {self.comment_id} in batch {self.batch_id}"
