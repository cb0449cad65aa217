"""The demo app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A newsroom to try."""

    name = "belowline.demo"
