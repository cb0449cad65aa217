"""Sends one message to one address: once, within its time, following no redirect, and into no private network."""

import http.client
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from django.utils import timezone

from belowline.notifications.errors import ChannelError
from belowline.notifications.hooks import check_hook
from belowline.stories.connection import answer_of
from belowline.stories.errors import StoryFetchError

TIMEOUT_SECONDS = 15
"""The specification asks for 15 to 30."""
MAX_WAIT_SECONDS = 24 * 3600
"""No endpoint can put us off for longer."""
HEADERS = {"User-Agent": "Belowline", "Content-Type": "application/json", "Connection": "close"}
TAKEN = range(200, 300)
GONE, TIMED_OUT, TOO_MANY = 410, 408, 429
SERVER_ERRORS = range(500, 600)


class Answer(NamedTuple):
    """What became of a try."""

    status: int | None
    """None: nothing was answered."""
    problem: str = ""
    """Why it failed, in words for people; empty: it did not."""
    wait_seconds: int = 0
    """For so long the endpoint asks to be left alone."""

    @property
    def is_taken(self) -> bool:
        """Whether the endpoint has the message."""
        return self.status in TAKEN

    @property
    def is_down(self) -> bool:
        """Whether other messages would fare no better now."""
        return self.status is None or self.status in {TIMED_OUT, TOO_MANY} or self.status in SERVER_ERRORS


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a message; what the endpoint answers besides the status is not read, for it may hold anything."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    try:
        with answer_of(check_hook(url), deadline, {**HEADERS, **headers}, body) as answer:
            status, retry_after = answer.status, answer.headers.get("Retry-After", "")
    except (ChannelError, StoryFetchError) as error:
        return Answer(None, error.message)
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = time.monotonic() > deadline
        return Answer(None, "it took too long" if late else f"it could not be reached ({type(error).__name__})")
    if status in TAKEN:
        return Answer(status)
    return Answer(status, f"it answered with status {status}", _seconds_in(retry_after))


def _seconds_in(retry_after: str) -> int:
    """Return what a Retry-After asks for, in seconds or as a date, at most a day; 0 where it says nothing clear."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return min(int(text[:10]), MAX_WAIT_SECONDS)
    try:
        left = parsedate_to_datetime(text) - timezone.now()
    except (TypeError, ValueError):
        return 0
    return min(max(0, int(left.total_seconds())), MAX_WAIT_SECONDS)
