"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Readers and staff."""

    name = "belowline.accounts"
