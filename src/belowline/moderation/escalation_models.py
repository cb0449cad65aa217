"""What moderators ask each other about a comment, and what they send to another desk by hand."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from belowline.accounts.models import User
from belowline.comments.models import Comment


class Escalation(models.Model):
    """A moderator leaves a comment to somebody senior, or asks a colleague about it."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", "waiting"
        ANSWERED = "answered", "answered"
        DECIDED = "decided", "the comment was decided"
        WITHDRAWN = "withdrawn", "withdrawn"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="escalations")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    """Who is asked; None: whoever answers escalations."""
    note = models.TextField()
    """What is asked, or why it is left to others: for the staff alone."""
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    """Who answered, decided or withdrew it."""
    decision = models.ForeignKey("moderation.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    """The decision about the comment that ended it."""
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment"], condition=models.Q(state="open", colleague__isnull=True), name="escalated_once"
            ),
            models.UniqueConstraint(
                fields=["comment", "colleague"], condition=models.Q(state="open"), name="asked_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return f"escalation {self.pk}"

    @property
    def is_question(self) -> bool:
        """Whether one colleague is asked; else the comment is left to whoever answers escalations."""
        return self.colleague_id is not None

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == self.State.OPEN

    def end(self, state: "Escalation.State", by: User) -> None:
        """Write down how it ended, and by whom; call it inside a transaction."""
        self.state, self.ended_by, self.ended_at = state, by, timezone.now()
        self.save(update_fields=["state", "answer", "decision", "ended_by", "ended_at"])

    def reopen(self) -> None:
        """Let it wait again."""
        self.state, self.ended_by, self.ended_at, self.decision = self.State.OPEN, None, None, None
        self.save(update_fields=["state", "ended_by", "ended_at", "decision"])


class Referral(models.Model):
    """A moderator has sent a comment to the newsroom or to the corrections desk by hand."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="referrals")
    desk = models.CharField(max_length=15)
    """One of engine.policy.DESKS, but never the moderators' own."""
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    """What that desk should look at: for the staff alone."""
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"referral {self.pk}"
