"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Readers and staff; keeps of a signed-in browser no more than its name."""

    name = "belowline.accounts"

    def ready(self) -> None:
        """Watch what is kept of sessions."""
        from belowline.accounts.sessions import watch_sessions

        watch_sessions()
