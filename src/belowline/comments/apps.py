"""The comments app."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """What readers wrote; subscribes to events about accounts."""

    name = "belowline.comments"

    def ready(self) -> None:
        """Subscribe."""
        from belowline.comments.subscribe import on_event
        from belowline.events.models import event_recorded

        event_recorded.connect(on_event, dispatch_uid="comments")
