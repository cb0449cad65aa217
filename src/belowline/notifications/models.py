"""What readers are told, on the page and by e-mail, and how often they want mail."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from belowline.accounts.models import Mute
from belowline.comments.models import Comment
from belowline.notifications import channel_models  # noqa: F401 - Django looks for models here
from belowline.notifications.webhooks import models as webhook_models  # noqa: F401 - as above


class Kind(models.TextChoices):
    """What somebody is told of."""

    REPLY = "reply", _("Somebody replied to you")
    PUBLISHED = "published", _("Your comment was published after a moderator looked at it")
    REJECTED = "rejected", _("Your comment was not published, or was removed")
    HIDDEN = "hidden", _("Your comment is hidden until a moderator has looked at it")
    PICK = "pick", _("An editor picked your comment")
    APPEAL = "appeal", _("Your appeal was decided")
    REPORT = "report", _("Your report was decided")


class Frequency(models.TextChoices):
    """How often mail of a kind is sent."""

    IMMEDIATE = "immediate", _("at once")
    HOURLY = "hourly", _("once an hour at most")
    DAILY = "daily", _("once a day at most")
    OFF = "off", _("never")


SHIPPED = dict.fromkeys(Kind, Frequency.IMMEDIATE) | {Kind.REPLY: Frequency.HOURLY}
"""How often mail of a kind is sent until a reader says otherwise: what the law wants told comes at once."""
OF_PUBLIC_COMMENTS = (Kind.REPLY, Kind.PICK)
"""Told only as long as every reader sees the comment."""


class NotificationQuerySet(models.QuerySet["Notification"]):
    """What readers are told."""

    def shown_to(self, user_id: int) -> "NotificationQuerySet":
        """Leave out what is no longer to be seen or no longer so, and replies by whom the reader has muted."""
        gone = models.Q(kind__in=OF_PUBLIC_COMMENTS) & ~models.Q(comment__status=Comment.Status.PUBLISHED)
        muted = Mute.objects.filter(user=user_id).values("muted")
        told = self.filter(user=user_id).exclude(gone).exclude(kind=Kind.PICK, comment__pick=None)
        return told.exclude(kind=Kind.REPLY, comment__author__in=muted)

    def unread(self) -> "NotificationQuerySet":
        """Leave out what was read."""
        return self.filter(read_at=None)

    def mark_read(self) -> int:
        """Note that these were read; return how many had not been."""
        return self.unread().update(read_at=timezone.now())

    def give_up(self) -> int:
        """Send no mail about these any more; return about how many one was still to go out."""
        return self.filter(is_mail_due=True).update(is_mail_due=False)


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
    is_mail_due = models.BooleanField(default=True)
    """Whether mail about it is still to go out: not once it was sent, nor where none ever shall be."""
    mailed_at = models.DateTimeField(null=True)
    """When a mail about it was sent; None: none was."""

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "comment", "subject_id"], name="told_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(fields=["user", "id"], condition=models.Q(is_mail_due=True), name="notifications_mail_due"),
            models.Index(fields=["user", "comment"], condition=models.Q(read_at=None), name="notifications_unread"),
        ]

    def __str__(self) -> str:
        return f"notification {self.pk}"

    @property
    def is_unread(self) -> bool:
        """Whether its reader has not seen it."""
        return self.read_at is None


class NotificationSetting(models.Model):
    """How often a reader wants mail of a kind; without a row, the shipped frequency holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_settings")
    kind = models.CharField(max_length=10, choices=Kind)
    frequency = models.CharField(max_length=10, choices=Frequency)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_frequency_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.frequency}"
