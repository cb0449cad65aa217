"""Which pages may stand in a frame, and on whose pages."""

import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from belowline.stories.models import Site

STAFF_PREFIXES = ("/desk/",)
DOORS = ("/v1alpha1/", "/$discovery/", "/batch", "/coral/", "/counts.", "/sites/", "/embed.js")
"""What programs call: nothing that a frame could show, and the database need not be asked."""
HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
"""Anything else in a header of rules could be read as another rule."""
LOCAL = {"localhost", "127.0.0.1"}
FRESH_SECONDS = 60.0
_cached: tuple[float, list[str]] = (float("-inf"), [])


class FrameMiddleware:
    """Lets readers' pages stand on the sites' own domains, and staff pages nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the domains in the answer's Content-Security-Policy."""
        response = self.get_response(request)
        if not hasattr(response, "_csp_replace") and not request.path_info.startswith((*STAFF_PREFIXES, *DOORS)):
            response._csp_replace = {"frame-ancestors": ["'self'", *frame_ancestors()]}  # type: ignore[attr-defined] # noqa: SLF001 - django-csp's documented way
        return response


def frame_ancestors() -> list[str]:
    """Return the sources of CSP level 3 for all domains of all sites; kept for a minute."""
    global _cached  # noqa: PLW0603 - one small cache a process
    read_at, sources = _cached
    if time.monotonic() - read_at > FRESH_SECONDS:
        domains = {domain for listed in Site.objects.values_list("domains", flat=True) for domain in listed}
        sources = [source for domain in sorted(domains) for source in _sources(domain)]
        _cached = (time.monotonic(), sources)
    return sources


def is_framed(request: HttpRequest) -> bool:
    """Say whether the page stands in a frame: asked for as such, or the browser says so."""
    return "embed" in request.GET or request.headers.get("Sec-Fetch-Dest") == "iframe"


def _sources(domain: str) -> list[str]:
    if domain in LOCAL:
        return [f"http://{domain}:*"]
    if not HOST_NAME.fullmatch(domain):
        return []
    return [f"https://{domain}", f"https://*.{domain}"]
