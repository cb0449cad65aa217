"""The api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API for publishers."""

    name = "belowline.api"
