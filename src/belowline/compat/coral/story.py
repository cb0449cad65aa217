"""The story under which Coral shows a comment: found, or made, and its page read once for all its comments."""

import contextlib
import threading
import time
from concurrent.futures import Future
from functools import lru_cache

from django.db import transaction

from belowline.compat.coral.errands import Errands, finished
from belowline.compat.coral.schemas import SentStory
from belowline.engine import submission
from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.actions.find_story import key_of_url
from belowline.stories.actions.read_text import UNREAD, read_text
from belowline.stories.errors import StoryFetchError
from belowline.stories.fetch import check_url
from belowline.stories.models import Site, Story

RETRY_SECONDS = 600.0
"""A page that could not be read is left alone for so long, by each process."""
THREADS = 8
MOST_WAITING = 64
MOST_TEXTS = 128
MOST_ADDRESSES = 4_096
MOST_FAILURES = 10_000

Read = submission.Story | None


class Stories:
    """What this process knows of stories' pages: which are being read, and which could not be."""

    def __init__(self) -> None:
        self._errands: Errands[Read] = Errands("coral-story", THREADS, MOST_WAITING)
        self._failed: dict[tuple[int, str], float] = {}
        self._lock = threading.Lock()

    def begin(self, site: Site, sent: SentStory) -> Future[Read] | None:
        """Return the story, or the errand that reads it; None: it cannot be read, or not now."""
        row = find_row(site, sent)
        if row is not None and row.title:
            return finished(_text(row.pk, row.thread_version, row.text_state))
        if self._has_failed(site, sent) or not (row or may_be_made(site, sent)):
            return None
        return self._errands.begin((site.pk, sent.id), lambda: self._read(site, sent))

    def forget(self) -> None:
        """Know nothing of what could not be read."""
        with self._lock:
            self._failed.clear()

    def _read(self, site: Site, sent: SentStory) -> Read:
        found: Read = None
        try:
            row = find_row(site, sent) or make_row(site, sent)
            if row.text_state not in UNREAD or read_text(story=row):
                found = Story.objects.get(pk=row.pk).for_engine()
        finally:
            if found is None:
                self._note_failure(site, sent)
        return found

    def _note_failure(self, site: Site, sent: SentStory) -> None:
        with self._lock:
            if len(self._failed) >= MOST_FAILURES:
                self._failed.clear()
            self._failed[site.pk, sent.id] = time.monotonic()

    def _has_failed(self, site: Site, sent: SentStory) -> bool:
        failed_at = self._failed.get((site.pk, sent.id))
        return failed_at is not None and time.monotonic() - failed_at < RETRY_SECONDS


stories = Stories()


def find_row(site: Site, sent: SentStory) -> Story | None:
    """Return the story with Coral's id as its key, or its address as key or address; one that has its text first."""
    columns = Story.objects.select_related("site").defer("body", "standfirst")
    found = list(columns.filter(site=site, key__in=(sent.id, key_of_url(sent.url))))
    if not any(row.title for row in found) and sent.url:
        with contextlib.suppress(Story.DoesNotExist):
            found += columns.filter(pk=_id_of_address(site.pk, sent.url))
    return max(found, key=lambda row: (bool(row.title), row.key == sent.id), default=None)


def may_be_made(site: Site, sent: SentStory) -> bool:
    """Say whether a story may be made of what Coral sent: a page on the site's own domains."""
    if not 0 < len(sent.id) <= 200 or len(sent.url) > 1000 or "\x00" in sent.id + sent.url:  # noqa: PLR2004 - columns
        return False
    try:
        check_url(site, sent.url)
    except StoryFetchError:
        return False
    return True


def make_row(site: Site, sent: SentStory) -> Story:
    """Make the story, to be read from its page; its key is Coral's id, which is the publisher's own where they set it.

    Nothing is enqueued: whoever calls reads the page.
    """
    with transaction.atomic():
        row, is_new = Story.objects.get_or_create(site=site, key=sent.id, defaults={"url": sent.url})
        if is_new:
            record_event(tags.STORY_CREATED, subject_id=row.pk, site_id=site.pk)
    return row


def forget_stories() -> None:
    """Forget everything that was remembered of stories."""
    stories.forget()
    _text.cache_clear()
    _id_of_address.cache_clear()


@lru_cache(maxsize=MOST_TEXTS)
def _text(story_id: int, thread_version: int, text_state: str) -> Read:
    """Return the story's text; every change of it raises the version."""
    return Story.objects.get(pk=story_id).for_engine()


@lru_cache(maxsize=MOST_ADDRESSES)
def _id_of_address(site_id: int, url: str) -> int:
    """Return the id of the story with this address; what is not there is not remembered.

    Raises:
        Story.DoesNotExist: there is none.
    """
    page = key_of_url(url)
    found = Story.objects.filter(site_id=site_id, url__in=(url, page, f"{page}/")).exclude(title="")
    return found.only("pk").earliest("pk").pk
