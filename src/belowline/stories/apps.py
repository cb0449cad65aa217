"""The stories app."""

from django.apps import AppConfig


class StoriesConfig(AppConfig):
    """Sites and stories."""

    name = "belowline.stories"
