"""The desk app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What moderators see."""

    name = "belowline.desk"
