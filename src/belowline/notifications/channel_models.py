"""Where digests of the desk go, and which of their links were followed."""

from django.conf import settings
from django.db import models

from belowline.stories.models import Site


class Channel(models.Model):
    """Where a digest of what waits goes: a channel of Slack or Mattermost, or a moderator's own mail."""

    class Kind(models.TextChoices):
        """What it is."""

        SLACK = "slack", "Slack"
        MATTERMOST = "mattermost", "Mattermost"
        MAIL = "mail", "E-mail"

    class Frequency(models.TextChoices):
        """How often it is looked whether something waits."""

        HOURLY = "hourly", "once an hour"
        DAILY = "daily", "once a day"

    kind = models.CharField(max_length=10, choices=Kind)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="+")
    """None: every site."""
    section = models.CharField(max_length=100, blank=True)
    """Of that site; empty: all of it."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="channels")
    """Whose mail it is; None for Slack and Mattermost."""
    label = models.CharField(max_length=100, blank=True)
    """What the newsroom calls it."""
    address = models.CharField(max_length=500, blank=True)
    """Of the incoming webhook: whoever knows it can write there, so no page shows it again. Empty for mail."""
    frequency = models.CharField(max_length=10, choices=Frequency)
    has_excerpts = models.BooleanField(default=False)
    """Whether it quotes the beginning of comments, which nobody has published yet."""
    tells_escalations = models.BooleanField(default=True)
    """Whether escalations are told at once."""
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(null=True)
    """When it was looked last whether something waits."""
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    """Why the last one could not be sent; empty: it was."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="one_mail_channel_a_person")]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()

    @property
    def is_mail(self) -> bool:
        """Whether it is somebody's own mail."""
        return self.kind == self.Kind.MAIL


class UsedLink(models.Model):
    """A link of a digest that was followed: it does nothing again. Rows go when the link has expired anyway."""

    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of its token."""
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"link {self.pk}"
