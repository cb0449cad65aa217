"""The comments app."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """What readers wrote."""

    name = "belowline.comments"
