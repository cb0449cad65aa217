"""The events app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The append-only log."""

    name = "belowline.events"
