"""The notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Telling people; subscribes to events."""

    name = "belowline.notifications"

    def ready(self) -> None:
        """Subscribe."""
        from belowline.events.models import event_recorded
        from belowline.notifications.measures import on_measure
        from belowline.notifications.notices import on_notice
        from belowline.notifications.subscribe import on_event
        from belowline.notifications.webhooks.outbox import on_event as on_told

        event_recorded.connect(on_event, dispatch_uid="notifications")
        event_recorded.connect(on_notice, dispatch_uid="notifications.notices")
        event_recorded.connect(on_measure, dispatch_uid="notifications.measures")
        event_recorded.connect(on_told, dispatch_uid="notifications.webhooks")
