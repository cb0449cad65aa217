"""The stream app."""

from django.apps import AppConfig


class StreamConfig(AppConfig):
    """What readers see."""

    name = "belowline.stream"
