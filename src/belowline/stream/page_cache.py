"""Threads, as pages and as JSON, for readers who are not signed in: kept as bytes, exact by the story's thread version.

What changes by time alone (a discussion closes, or is about to) is exact too: a page says until when it is true.

Stands before Django, because a page that is known needs none of it: one query for the version, and the bytes go out,
compressed if the browser reads that, or 304 if it has them already.
"""

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.http import parse_cookie

from belowline.stream.accepted import GZIP
from belowline.stream.asked import JSON_QUERY, QUERY
from belowline.stream.shared_cache import Names, caching, surrogate

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

PATH = re.compile(r"/discussion/(\d{1,18})/(comments\.json)?")
STATE = re.compile(r"/discussion/(\d{1,18})/state/")
STATE_HEADERS: Headers = [
    ("Content-Type", "application/json"),
    ("X-Content-Type-Options", "nosniff"),
]
MAX_PAGES = 500
MIN_COMPRESSED_BYTES = 500
UNTIL = "Belowline-Until"
"""A page's header for us alone: the second (of the epoch) from which on it is another page, though nobody wrote."""
DROPPED = {"content-length", "set-cookie", "etag", "content-encoding", UNTIL.lower()}
CACHING = {"cache-control", "cdn-cache-control"}
"""Written anew for each answer of a page that shared caches may keep: it is true for a shorter time each second."""


class Page(NamedTuple):
    """A page as it goes out."""

    version: int
    etag: str
    headers: Headers
    plain: bytes
    packed: bytes
    until: float = float("inf")
    """From this second on it is to be made anew."""
    is_shared: bool = True
    """Whether shared caches may keep it, too."""


class ThreadPageCache:
    """A WSGI application around another one."""

    def __init__(self, application: Application, clock: Callable[[], float] = time.time) -> None:
        self.application = application
        self._clock = clock
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from the kept pages, or ask the application and keep its answer."""
        if (polled := polled_story(environ)) is not None and (count := comment_count(polled)) is not None:
            return _answer(state_page(polled, count), environ, start_response, self._clock())
        found = cacheable_story(environ)
        version = thread_version(found) if found is not None else None
        if version is None:
            return self.application(environ, start_response)
        framed = environ.get("HTTP_SEC_FETCH_DEST") == "iframe"
        key = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}#{framed}"
        page = self._pages.get(key)
        if page is None or page.version != version or page.until <= self._clock():
            made = self._make(environ, version)
            if isinstance(made, tuple) and not isinstance(made, Page):
                status, headers, body = made
                start_response(status, headers)
                return [body]
            page = made
            self._keep(key, page)
        return _answer(page, environ, start_response, self._clock())

    def _make(self, environ: Environ, version: int) -> "Page | tuple[str, Headers, bytes]":
        """Ask the application; anything but a plain page goes through as it is."""
        caught: dict[str, Any] = {}
        parts: list[bytes] = []

        def catch(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
            caught.update(status=status, headers=headers)
            return parts.append

        answer = self.application(environ | {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": ""}, catch)
        try:
            parts.extend(answer)
        finally:
            if callable(close := getattr(answer, "close", None)):
                close()
        body = b"".join(parts)
        names = {name.lower() for name, _ in caught["headers"]}
        if not caught["status"].startswith("200") or "set-cookie" in names:
            return caught["status"], caught["headers"], body
        is_shared = not any(name.lower() == "cache-control" and "private" in value for name, value in caught["headers"])
        dropped = DROPPED | CACHING if is_shared else DROPPED
        headers = [(name, value) for name, value in caught["headers"] if name.lower() not in dropped]
        # Weak: it stands for the page in any packing.
        etag = f'W/"{version}-{hashlib.sha256(body).hexdigest()[:16]}"'
        packed = gzip.compress(body, 6, mtime=0) if len(body) >= MIN_COMPRESSED_BYTES else b""
        until = next((float(value) for name, value in caught["headers"] if name == UNTIL), float("inf"))
        return Page(version, etag, headers, body, packed, until, is_shared)

    def _keep(self, key: str, page: Page) -> None:
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > MAX_PAGES:
                self._pages.popitem(last=False)


def cacheable_story(environ: Environ) -> int | None:
    """Return the story's id if this asks for a thread, as page or JSON, that is the same for everybody, else None."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    path = PATH.fullmatch(environ["PATH_INFO"])
    if path is None or not (JSON_QUERY if path[2] else QUERY).fullmatch(environ.get("QUERY_STRING", "")):
        return None
    if has_session(environ.get("HTTP_COOKIE", "")):
        return None
    return int(path[1])


def polled_story(environ: Environ) -> int | None:
    """Return the story's id if this asks how many comments there are, else None."""
    path = STATE.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else None
    return int(path[1]) if path else None


def state_page(story_id: int, count: int) -> Page:
    """Return the answer to open pages that ask, now and then, whether there are new comments."""
    body = f'{{"comments":{count}}}'.encode()
    headers = [*STATE_HEADERS, *surrogate(Names(story=story_id)).items()]
    return Page(0, f'"{count}"', headers, body, b"")


def comment_count(story_id: int) -> int | None:
    """Return how many published comments a story has; None: no such story, or the database does not answer."""
    return _ask("SELECT comment_count FROM stories_story WHERE id = %s", story_id)


def thread_version(story_id: int) -> int | None:
    """Return the story's thread version; None: there is no such story, or the database does not answer."""
    return _ask("SELECT thread_version FROM stories_story WHERE id = %s", story_id)


def _ask(query: str, story_id: int) -> int | None:
    close_old_connections()
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, [story_id])
            row = cursor.fetchone()
    except Error:
        return None
    return int(row[0]) if row else None


def has_session(cookies: str) -> bool:
    """Say whether a request's cookies hold one of ours that may be somebody's session."""
    # Read as Django reads them: the paper's own cookies may have any shape.
    return settings.SESSION_COOKIE_NAME in cookies and settings.SESSION_COOKIE_NAME in parse_cookie(cookies)


def _has_already(asked: str, etag: str) -> bool:
    known = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    return "*" in known or etag.removeprefix("W/") in known


def _answer(page: Page, environ: Environ, start_response: Callable[..., Any], now: float) -> Iterable[bytes]:
    kept = caching(page.until - now).items() if page.is_shared else ()
    fixed = [*page.headers, *kept, ("ETag", page.etag)]
    if _has_already(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag):
        start_response("304 Not Modified", [entry for entry in fixed if entry[0].lower() != "content-type"])
        return [b""]
    packed = page.packed and GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.packed if packed else page.plain
    if packed:
        fixed.append(("Content-Encoding", "gzip"))
    start_response("200 OK", [*fixed, ("Content-Length", str(len(body)))])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
