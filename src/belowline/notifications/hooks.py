"""Sends a message to an incoming webhook of Slack or Mattermost: to an address out in the open net, in a short time."""

import http.client
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from belowline.notifications.errors import ChannelError
from belowline.stories.connection import answer_of
from belowline.stories.errors import StoryFetchError

TIMEOUT_SECONDS = 10
HEADERS = {"User-Agent": "Belowline", "Content-Type": "application/json", "Connection": "close"}
DONE = range(200, 300)


def check_hook(address: str) -> SplitResult:
    """Return the parts of a webhook's address.

    Raises:
        ChannelError: `hook_not_allowed`.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ChannelError("This address is malformed.", code="hook_not_allowed") from error
    if not address.isprintable() or not host or parts.username or parts.password:
        raise ChannelError("Give the whole address of the webhook, as its maker shows it.", code="hook_not_allowed")
    if settings.STORY_FETCH_PRIVATE and parts.scheme in {"http", "https"}:
        return parts
    if parts.scheme != "https" or port not in {None, 443}:
        raise ChannelError("The address must begin with https://, and name no port.", code="hook_not_allowed")
    return parts


def send_to_hook(address: str, message: Mapping[str, Any]) -> None:
    """Send a message as JSON. What the server answers is not kept: it may repeat what was sent.

    Raises:
        ChannelError: `hook_not_allowed`, or `hook_failed`: it did not answer in time, or not with success.
    """
    parts = check_hook(address)
    deadline = time.monotonic() + TIMEOUT_SECONDS
    try:
        with answer_of(parts, deadline, HEADERS, json.dumps(message).encode()) as answer:
            status = answer.status
    except StoryFetchError as error:
        raise ChannelError(f"It could not be reached: {error.message}.", code="hook_failed") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = "it took too long" if time.monotonic() > deadline else type(error).__name__
        raise ChannelError(f"It could not be reached ({why}).", code="hook_failed") from error
    if status not in DONE:
        raise ChannelError(
            f"It answered with status {status}. Was the webhook removed there, or the channel archived?",
            code="hook_failed",
        )
