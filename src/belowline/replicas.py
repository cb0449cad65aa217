"""Reading what everybody may read from copies of the database, where a setting names some, no further than they are.

A page that is kept by its story's version is made from a copy only where that has come as far as the version: so it is
as exact as one that was made from the database itself. What follows a write, whatever a signed-in reader sees, and the
version itself are always read from there.
"""

import functools
import logging
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from belowline.limits.breaker import Breaker

logger = logging.getLogger(__name__)
MOST_LAG_SECONDS = 30.0
"""A copy that is further behind is left alone, also for what may be a little old."""
LAG_LOOKED_AT_SECONDS = 5.0
VERSION = "SELECT thread_version FROM stories_story WHERE id = %s"
STORY_OF_COMMENT = "SELECT story_id FROM comments_comment WHERE id = %s"
LAG = """
SELECT CASE WHEN pg_is_in_recovery() THEN extract(epoch FROM now() - pg_last_xact_replay_timestamp()) ELSE 0 END
"""
"""Since the last transaction that was played back: also where no more come, because the copy is cut off. Where nobody
has written for long it looks behind without being so, and the database itself has nothing else to do."""
LOST = (OperationalError, InterfaceError)
"""What says that a copy is not there; other errors are told by the database itself, which is asked once more."""
MOST_DIGITS = 18
"""Of an id; a longer one is none, and is not asked for."""
View = Callable[..., HttpResponse]

_reading: ContextVar[str] = ContextVar("reading", default=DEFAULT_DB_ALIAS)


class Router:
    """Django's router: copies are read where `reading_from` says so, and never written."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return where to read from here."""
        return _reading.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return where to write, and to read what is about to be written."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        """Allow all: copies have the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Migrate the database itself alone."""
        return None if db == DEFAULT_DB_ALIAS else False


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """Read from a copy until the end of the block, in this thread."""
    token = _reading.set(alias)
    try:
        yield
    finally:
        _reading.reset(token)


def from_replica(view: View) -> View:
    """Let a view read from a copy, where nobody is signed in; what it shows may be as old as its caches let it be."""
    return _reading_view(view, lambda _: 0)


def from_replica_of_story(view: View) -> View:
    """Let a view of `story_id` or `comment_id` read from a copy that has come as far as the story's version."""
    return _reading_view(view, _story_of)


def _reading_view(view: View, story_of: Callable[[dict[str, Any]], int | None]) -> View:
    @functools.wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **asked: Any) -> HttpResponse:
        alias = choose(request)
        if alias is None:
            return view(request, *arguments, **asked)
        try:
            story = story_of(asked)
            fresh = story is not None and is_fresh(alias, story)
            breaker(alias).worked()
            if fresh:
                with reading_from(alias):
                    return view(request, *arguments, **asked)
        except (DatabaseError, InterfaceError) as error:
            if isinstance(error, LOST):
                leave(alias, error)
        return view(request, *arguments, **asked)

    return answer


def choose(request: HttpRequest) -> str | None:
    """Return a copy that may answer this request; None: the database itself has to, or there is no copy."""
    if not settings.REPLICAS or request.method not in {"GET", "HEAD"}:
        return None
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    alias = random.choice(settings.REPLICAS)  # noqa: S311 - no secret
    return alias if breaker(alias).may_try() else None


def is_fresh(alias: str, story: int) -> bool:
    """Say whether a copy has come as far as a story's version; without a story (0), whether it is not long behind."""
    if lag(alias) > MOST_LAG_SECONDS:
        return False
    if not story:
        return True
    now = _ask(DEFAULT_DB_ALIAS, VERSION, story)
    there = _ask(alias, VERSION, story)
    return now is not None and there is not None and there >= now


def _story_of(asked: dict[str, Any]) -> int | None:
    number = int(asked["story_id"] if "story_id" in asked else asked["comment_id"])
    if len(str(number)) > MOST_DIGITS:
        return None
    if "story_id" in asked:
        return number
    # Of the database itself: a copy may not know the comment yet.
    return _ask(DEFAULT_DB_ALIAS, STORY_OF_COMMENT, number)


def _ask(alias: str, query: str, number: int) -> int | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(query, [number])
        row = cursor.fetchone()
    return int(row[0]) if row else None


_lags: dict[tuple[int, str], tuple[float, float]] = {}
"""(process, copy): when it was looked at, and how far it was behind."""


def lag(alias: str) -> float:
    """Return how many seconds a copy is behind; looked at every few seconds."""
    if connections[alias].vendor != "postgresql":
        return 0.0
    key, now = (os.getpid(), alias), time.monotonic()
    looked_at, seconds = _lags.get(key, (float("-inf"), 0.0))
    if now - looked_at > LAG_LOOKED_AT_SECONDS:
        with connections[alias].cursor() as cursor:
            cursor.execute(LAG)
            seconds = float(cursor.fetchone()[0] or 0)
        _lags[key] = (now, seconds)
    return seconds


@functools.lru_cache(maxsize=16)
def _breaker(process: int, alias: str) -> Breaker:
    return Breaker(f"the database's {alias}", "the database itself answers meanwhile")


def breaker(alias: str) -> Breaker:
    """Return what this process remembers of a copy."""
    return _breaker(os.getpid(), alias)


def leave(alias: str, error: Exception) -> None:
    """Leave a copy alone for a while that did not answer."""
    breaker(alias).failed(type(error).__name__)
    connections[alias].close()
