"""The comments app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CommentsConfig(AppConfig):
    """What readers wrote; subscribes to events about accounts."""

    name = "belowline.comments"

    def ready(self) -> None:
        """Subscribe, and keep the index of words where migrations lose part of it."""
        from belowline.comments.search_index import keep_index
        from belowline.comments.subscribe import on_event
        from belowline.events.models import event_recorded

        event_recorded.connect(on_event, dispatch_uid="comments")
        post_migrate.connect(keep_index, sender=self, dispatch_uid="comments_search")
