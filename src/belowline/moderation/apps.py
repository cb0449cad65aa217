"""The moderation app."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Judging comments."""

    name = "belowline.moderation"
