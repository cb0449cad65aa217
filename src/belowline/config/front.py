"""What stands before everything: a name for each request, what operators ask, and who wants to know what was answered.

Probes and metrics are answered here, before Django looks at the host name: whoever asks does so by an address of a
machine, which is none of the names that readers use.
"""

import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from belowline.config.health import healthz, readyz
from belowline.config.request_size import answer_too_large, most_bytes, named_bytes
from belowline.limits.client_address import forwarded_scheme
from belowline.logs import request_id
from belowline.metrics.views import metrics

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Observer = Callable[[str, str, int, float], None]
"""Told of each answer: view, method, status, and seconds until it began."""

TOLD = "belowline.told"
"""Where in the environment of a request Django leaves the name of the view."""
VALID_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
OWN: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}


class Front:
    """A WSGI application around another one."""

    def __init__(self, application: Application, observers: Sequence[Observer] = ()) -> None:
        self.application = application
        self.observers = observers

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, with the request's name in X-Request-ID and in all that is logged meanwhile."""
        name = name_of(environ)
        caught: dict[str, int] = {"status": 500}

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            caught["status"] = int(status[:3])
            return start_response(status, [*headers, ("X-Request-ID", name)], *rest)

        environ[TOLD] = {}
        if scheme := forwarded_scheme(environ):
            environ["wsgi.url_scheme"] = scheme
        token, began = request_id.set(name), time.perf_counter()
        try:
            return self._answer(environ, start)
        finally:
            seconds = time.perf_counter() - began
            for observe in self.observers:
                observe(view_of(environ), environ["REQUEST_METHOD"], caught["status"], seconds)
            request_id.reset(token)

    def _answer(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        if own := OWN.get(environ["PATH_INFO"]):
            return answer_own(own, environ, start)
        most = most_bytes(environ["PATH_INFO"])
        if named_bytes(environ) > most:
            environ[TOLD]["view"] = "too_large"
            return answer_too_large(most, environ, start)
        return self.application(environ, start)


def answer_own(
    view: Callable[[HttpRequest], HttpResponse], environ: Environ, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Answer what operators ask."""
    environ[TOLD]["view"] = view.__name__
    if view is not healthz:  # which touches nothing
        close_old_connections()
    response = view(WSGIRequest(environ))
    body = b"" if environ["REQUEST_METHOD"] == "HEAD" else response.content
    headers = [*response.items(), ("Content-Length", str(len(response.content)))]
    start_response(f"{response.status_code} {response.reason_phrase}", headers)
    return [body]


def name_of(environ: Environ) -> str:
    """Return the request's name: the one that a proxy gave it, if it is one, else a new one of 16 digits."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if VALID_ID.fullmatch(given) else os.urandom(8).hex()


def view_of(environ: Environ) -> str:
    """Return the name of the view that answered; `kept`: a page or a file that was answered without one."""
    return str(environ[TOLD].get("view", "kept"))


def name_view(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return Django's middleware that leaves the name of the view for the observers; stands last of all."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        told: dict[str, str] = request.META.get(TOLD, {})
        told["view"] = "none"
        try:
            return get_response(request)
        finally:
            if request.resolver_match:
                told["view"] = request.resolver_match.view_name or "unnamed"

    return answer
