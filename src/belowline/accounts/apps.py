"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Readers and staff; keeps of a signed-in browser no more than its name."""

    name = "belowline.accounts"

    def ready(self) -> None:
        """Watch what is kept of sessions, and log who comes and goes."""
        from belowline.accounts.sessions import watch_sessions
        from belowline.accounts.sign_in_log import watch_sign_ins

        watch_sessions()
        watch_sign_ins()
