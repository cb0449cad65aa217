"""The moderation app."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Judging comments; subscribes to events about stories."""

    name = "belowline.moderation"

    def ready(self) -> None:
        """Subscribe."""
        from belowline.events.models import event_recorded
        from belowline.moderation.subscribe import on_event

        event_recorded.connect(on_event, dispatch_uid="moderation")
