"""Tells a CDN which stories have changed: by the names that their pages bear, together, at most once a second.

Nobody has to report a change: whatever raises a story's thread version leaves it above the version that was purged
last. A call that fails is made again, and a process that is killed in between makes it twice, which does no harm.
"""

import http.client
import json
import logging
import re
import threading
import time
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import Error, close_old_connections
from django.db.models import F
from django.dispatch import Signal

from belowline.stories.connection import answer_of
from belowline.stories.errors import PurgeError, StoryFetchError
from belowline.stories.models import Story

purged = Signal()
"""Sent after each call, with `is_done`: whether it was taken."""
MAX_NAMES = 100
"""Of so many stories one call tells; where more have changed at once, their sites are purged as a whole."""
MARKED_AT_ONCE = 200
TIMEOUT_SECONDS = 10
LONGEST_PAUSE_SECONDS = 60
HEADER = re.compile(r"([A-Za-z0-9-]+):[ \t]*([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)")
DONE = range(200, 300)

logger = logging.getLogger(__name__)


class Changed(NamedTuple):
    """A story that readers may find changed since it was purged last."""

    story: int
    version: int
    site: str


def story_name(story_id: int) -> str:
    """Return the name by which everything of a story is purged."""
    return f"story-{story_id}"


def site_name(site_key: str) -> str:
    """Return the name by which everything of a site is purged."""
    return f"site-{site_key}"


def changed_stories() -> list[Changed]:
    """Return the stories whose version is above the one that was purged last."""
    rows = Story.objects.filter(thread_version__gt=F("purged_version")).order_by("pk")
    return [Changed(*row) for row in rows.values_list("pk", "thread_version", "site__key")]


def names_of(found: Sequence[Changed]) -> list[str]:
    """Return what is to be purged: the stories, or of very many the sites."""
    if len(found) <= MAX_NAMES:
        return [story_name(one.story) for one in found]
    return sorted({site_name(one.site) for one in found})


def purge_changed() -> int:
    """Tell the CDN of every story that has changed since it was told last; return how many those are.

    Raises:
        PurgeError: the call was not taken; the same stories are told again next time.
    """
    found = changed_stories()
    if not found:
        return 0
    try:
        call_purge(names_of(found))
    except PurgeError:
        purged.send(Story, is_done=False)
        raise
    purged.send(Story, is_done=True)
    # What has changed meanwhile has a higher version yet, and its turn next time.
    told = [Story(pk=one.story, purged_version=one.version) for one in found]
    for start in range(0, len(told), MARKED_AT_ONCE):  # each in a transaction of its own: nobody who writes waits long
        Story.objects.bulk_update(told[start : start + MARKED_AT_ONCE], ["purged_version"])
    return len(found)


def call_purge(names: Sequence[str]) -> None:
    """Have everything purged that bears one of the names, at the address of the settings.

    Raises:
        PurgeError: `purge_not_configured`, or `purge_failed`: it was not taken in time.
    """
    parts, secret = check_purge_address(settings.PURGE_URL), check_purge_header(settings.PURGE_HEADER)
    fixed = {"User-Agent": "Belowline", "Content-Type": "application/json", "Connection": "close"}
    headers = {**fixed, "Surrogate-Key": " ".join(names), **secret}
    body = json.dumps({"tags" if settings.SURROGATE_HEADER == "cache-tag" else "surrogate_keys": names}).encode()
    deadline = time.monotonic() + TIMEOUT_SECONDS
    try:
        with answer_of(parts, deadline, headers, body, may_be_private=True) as answer:
            status = answer.status
    except StoryFetchError as error:
        raise PurgeError(f"The purge could not be sent: {error.message}.", code="purge_failed") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise PurgeError(f"The purge could not be sent ({type(error).__name__}).", code="purge_failed") from error
    if status not in DONE:
        raise PurgeError(f"The purge was answered with status {status}.", code="purge_failed")


def check_purge_address(address: str) -> SplitResult:
    """Return the parts of the address that purges are sent to. It is the operator's: it may be in a private network.

    Raises:
        PurgeError: `purge_not_configured`.
    """
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or not address.isprintable() or parts.username or parts.password:
        raise PurgeError(
            "BELOWLINE_PURGE_URL must be a whole address such as https://purge.example/, without a password in it.",
            code="purge_not_configured",
        )
    return parts


def check_purge_header(header: str) -> dict[str, str]:
    """Return the header that proves who purges, as {name: value}; none where none is set. It is in no message.

    Raises:
        PurgeError: `purge_not_configured`.
    """
    if not header:
        return {}
    found = HEADER.fullmatch(header)
    if not found:
        raise PurgeError(
            "BELOWLINE_PURGE_HEADER must be one header, such as `Fastly-Key: SECRET`.", code="purge_not_configured"
        )
    return {found[1]: found[2]}


def check_purging() -> bool:
    """Check the settings; return whether they ask for purging.

    Raises:
        PurgeError: `purge_not_configured`.
    """
    if not settings.PURGE_URL:
        return False
    check_purge_address(settings.PURGE_URL)
    check_purge_header(settings.PURGE_HEADER)
    return True


def start_purging() -> bool:
    """Purge from now on, in a thread beside the work of this process; return whether the settings ask for it.

    Raises:
        PurgeError: `purge_not_configured`.
    """
    if not check_purging():
        return False
    threading.Thread(target=keep_purging, args=(threading.Event(),), name="purging", daemon=True).start()
    return True


def keep_purging(stop: threading.Event) -> None:
    """Look for changes until stopped; after failures, ever more seldom up to once a minute."""
    failures = 0
    while not stop.wait(pause_seconds(failures)):
        failures = purge_once(failures)


def pause_seconds(failures: int) -> float:
    """Return how long to wait before the next look."""
    usual = max(1, settings.PURGE_EVERY_SECONDS)
    return float(min(usual * 2 ** min(failures, 10), max(usual, LONGEST_PAUSE_SECONDS)))


def purge_once(failures: int) -> int:
    """Purge what has changed; return how many times in a row that has failed by now."""
    close_old_connections()
    try:
        purge_changed()
    except (PurgeError, Error) as error:
        if failures == 0:
            why = error.message if isinstance(error, PurgeError) else f"The database failed ({type(error).__name__})."
            logger.warning("shared caches are not told of changes, and are tried again: %s", why)
        return failures + 1
    if failures:
        logger.info("shared caches are told of changes again")
    return 0
