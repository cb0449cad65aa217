"""Counts for front pages, before Django: an answer that says what is still true goes out again as it is.

Whether it is true is asked of the database, in one query, for each request: the answer is as exact as a new one.
"""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import Error, close_old_connections
from django.http import QueryDict

from belowline.stories.counts import comment_counts
from belowline.stream.page_cache import Application, Environ, Headers, has_session
from belowline.stream.views.counts import asked_names

PATH = "/counts.json"
MAX_ANSWERS = 200
MAX_QUERY_CHARACTERS = 10_000
"""Longer ones are answered, and not kept."""
KEPT_SECONDS = 60.0
"""So old its headers may be: they name the sites' domains."""
ASKED_BY = ("QUERY_STRING", "HTTP_HOST", "wsgi.url_scheme")
"""On what an answer to somebody without a session depends, beside the counts."""


class Kept(NamedTuple):
    """An answer as it went out."""

    site: str
    counts: dict[str, int]
    """{key of the story: number of comments} that it says."""
    headers: Headers
    body: bytes
    until: float
    """When it is to be made anew, by the clock."""


class CountsCache:
    """A WSGI application around another one."""

    def __init__(self, application: Application, clock: Callable[[], float] = time.monotonic) -> None:
        self.application = application
        self._clock = clock
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as before where that is still true, or ask the application and keep its answer."""
        if not _is_asked(environ):
            return self.application(environ, start_response)
        key = tuple(environ.get(name, "") for name in ASKED_BY)
        kept = self._kept.get(key)
        if kept is not None and self._clock() < kept.until and _now(kept.site, kept.counts) == kept.counts:
            start_response("200 OK", kept.headers)
            return [kept.body]
        return self._ask(key, environ, start_response)

    def _ask(self, key: tuple[str, ...], environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        caught: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            caught.append((status, headers))
            return start_response(status, headers, *rest)

        answer = self.application(environ, start)
        try:
            body = b"".join(answer)
        finally:
            if callable(close := getattr(answer, "close", None)):
                close()
        status, headers = caught[-1]
        if status.startswith("200") and not any(name.lower() == "set-cookie" for name, _ in headers):
            self._keep(key, Kept(*_said(environ, body), headers, body, self._clock() + KEPT_SECONDS))
        return [body]

    def _keep(self, key: tuple[str, ...], kept: Kept) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > MAX_ANSWERS:
                self._kept.popitem(last=False)


def _is_asked(environ: Environ) -> bool:
    """Say whether this asks for counts that may be kept: of the database itself, by somebody without a session."""
    return (
        environ["PATH_INFO"] == PATH
        and environ["REQUEST_METHOD"] == "GET"
        and len(environ.get("QUERY_STRING", "")) <= MAX_QUERY_CHARACTERS
        and "HTTP_IF_NONE_MATCH" not in environ
        and not settings.REPLICAS
        and not has_session(environ.get("HTTP_COOKIE", ""))
    )


def _now(site: str, keys: Iterable[str]) -> dict[str, int] | None:
    """Return {key: number} as it is now; None: the database does not answer, or cannot be asked that."""
    close_old_connections()
    try:
        return comment_counts(site, keys)
    except (Error, ValueError):
        return None


def _said(environ: Environ, body: bytes) -> tuple[str, dict[str, int]]:
    """Return of which site an answer speaks, and what it says: {key of the story: number}."""
    counts = json.loads(body)["counts"]
    asked = QueryDict(environ.get("QUERY_STRING", ""))
    return asked.get("site", ""), {key: counts[name] for name, key in asked_names(asked).items()}
