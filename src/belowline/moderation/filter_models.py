"""What part of the work a moderator looks at, under a name."""

from django.conf import settings
from django.db import models

from belowline.stories.models import Site, Story

NAME_CHARACTERS = 60


class SavedFilter(models.Model):
    """A part of what waits, by its place, its language or its rule; where nothing is said, all of it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=NAME_CHARACTERS)
    is_shared = models.BooleanField(default=False)
    """Whether all moderators see it."""
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="+")
    section = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, null=True, related_name="+")
    rule = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="filter_name_once_per_owner")]

    def __str__(self) -> str:
        return self.name
