"""The config app."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Puts everything together."""

    name = "belowline.config"
