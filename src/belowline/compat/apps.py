"""The compat app."""

from django.apps import AppConfig


class CompatConfig(AppConfig):
    """API keys with their quota, suggested scores, and connections to Coral."""

    name = "belowline.compat"
