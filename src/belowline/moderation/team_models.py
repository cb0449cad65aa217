"""What moderators write for each other about a commenter, and the messages that they write often."""

from django.conf import settings
from django.db import models

from belowline.stories.models import Site


class TeamNote(models.Model):
    """What a moderator tells the others about a commenter; its subject never reads it here, but may ask for it."""

    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_notes")
    text_source = models.TextField()
    """Plain text."""
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["about", "-id"])]

    def __str__(self) -> str:
        return f"team note {self.pk}"


class MessageTemplate(models.Model):
    """Words for authors that moderators use often, for a rule and a language; {name}, {rule} and {story} are filled."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="message_templates")
    """None: for all sites."""
    rule = models.CharField(max_length=100, blank=True)
    """The code of the rule that it is for; empty: for any."""
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=80)
    text_source = models.TextField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "rule", "language", "title"], name="template_once_per_site"),
            models.UniqueConstraint(
                fields=["rule", "language", "title"], condition=models.Q(site=None), name="template_once_everywhere"
            ),
        ]

    def __str__(self) -> str:
        return self.title
