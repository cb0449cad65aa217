"""The class that sends mail, with a count of what became of them."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend


class CountingBackend(BaseEmailBackend):
    """Sends by what BELOWLINE_EMAIL_BACKEND names, and counts."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.real = get_connection(settings.REAL_EMAIL_BACKEND, *args, **options)

    def open(self) -> bool | None:
        """Connect to the mail server."""
        return self.real.open()

    def close(self) -> None:
        """End the connection."""
        self.real.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send mails; return how many were accepted.

        Raises:
            whatever the real class raises; these mails count as failed.
        """
        from belowline.metrics.series import MAILS

        sent = 0
        try:
            sent = self.real.send_messages(email_messages) or 0
        finally:
            MAILS.labels("sent").inc(sent)
            MAILS.labels("failed").inc(len(email_messages) - sent)
        return sent
