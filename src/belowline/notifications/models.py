"""What readers are told, on the page and by e-mail, and how often they want mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from belowline.comments.models import Comment


class Kind(models.TextChoices):
    """What somebody is told of."""

    REPLY = "reply", _("Somebody replied to you")
    PUBLISHED = "published", _("Your comment was published after a moderator looked at it")
    REJECTED = "rejected", _("Your comment was not published, or was removed")
    PICK = "pick", _("An editor picked your comment")
    APPEAL = "appeal", _("Your appeal was decided")
    REPORT = "report", _("Your report was decided")


class Frequency(models.TextChoices):
    """How often mail of a kind is sent."""

    IMMEDIATE = "immediate", _("at once")
    HOURLY = "hourly", _("once an hour at most")
    DAILY = "daily", _("once a day at most")
    OFF = "off", _("never")


class Notification(models.Model):
    """One thing that a reader is told; shown on the page, and mailed as the reader wants it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    """The comment that it is about: the reader's own, the reply, or the one reported."""
    subject_id = models.BigIntegerField(default=0)
    """The decision, appeal or report that it tells of; 0 where the comment says it all."""
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "comment", "subject_id"], name="told_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(fields=["kind", "id"], condition=models.Q(mailed_at=None), name="notifications_unmailed"),
        ]

    def __str__(self) -> str:
        return f"notification {self.pk}"


class NotificationSetting(models.Model):
    """How often a reader wants mail of a kind; without a row, the shipped frequency holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_settings")
    kind = models.CharField(max_length=10, choices=Kind)
    frequency = models.CharField(max_length=10, choices=Frequency)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_frequency_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.frequency}"
