"""What the reports about a comment weigh together, and whom the desk does not want to hear for a time."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from belowline.comments.models import Comment

HIDING_WEIGHT, HIDING_COUNT = 1.5, 3
"""What reporters with a record have to weigh, and how many there have to be, for a comment to be hidden."""


class ReportTally(models.Model):
    """The open reports about one comment, weighed; there is none where nothing is open."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, primary_key=True, related_name="tally")
    open_count = models.PositiveIntegerField()
    """How many wait for an answer, whatever they weigh."""
    weight = models.FloatField(default=0.0)
    """0 or more: the sum of the reporters' weights; of those without a record at most 1 together."""
    proven = models.FloatField(default=0.0)
    """The part of it that comes from reporters with a record."""
    proven_count = models.PositiveIntegerField(default=0)
    """How many of these there are that weigh anything."""
    kept_count = models.PositiveIntegerField(default=0)
    """How often a person has looked at the present text and let it stand."""
    needed = models.FloatField(default=0.0)
    """From this weight on it comes to the desk; 0: at once."""
    is_waiting = models.BooleanField(default=True)
    """Whether it is at the desk; else its reports are kept until more come."""
    is_grave = models.BooleanField(default=True)
    """Whether anybody says more of it than that it is off topic."""
    waits_since = models.DateTimeField()
    """When the oldest of the open reports came."""

    class Meta:
        verbose_name_plural = "report tallies"
        indexes = [models.Index(fields=["is_waiting", "-is_grave", "-weight"])]

    def __str__(self) -> str:
        return f"reports about comment {self.comment_id}"

    @property
    def hides(self) -> bool:
        """Whether the reports suffice to hide a comment that no person has let stand."""
        return self.proven_count >= HIDING_COUNT and self.proven >= HIDING_WEIGHT


class ReporterMuteQuerySet(models.QuerySet["ReporterMute"]):
    """Mutes of reporters."""

    def in_force(self, now: datetime | None = None) -> "ReporterMuteQuerySet":
        """Leave out what is over or was lifted."""
        return self.filter(lifted_at=None, ends_at__gt=now or timezone.now())


class ReporterMute(models.Model):
    """Somebody's reports are not received for a time: too many were made in bad faith."""

    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reporter_mutes")
    reason = models.CharField(max_length=300)
    """Why, in words for the reader."""
    muted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    """When a moderator ended it before its time; None: nobody did."""

    objects: Any = ReporterMuteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["reporter", "-ends_at"])]

    def __str__(self) -> str:
        return f"mute of reporter {self.reporter_id}"
