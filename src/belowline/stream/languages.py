"""In which language a page speaks: ?lang=, else the account's, else that of the site that the address is about.

Never by Accept-Language: thread pages are kept as bytes for everybody who is not signed in.
"""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation

from belowline.moderation.languages import ENGLISH, site_language, spoken
from belowline.stories.models import Site
from belowline.stream.frames import DOORS, STAFF_PREFIXES

IN_ENGLISH = (*STAFF_PREFIXES, *DOORS, "/api/", "/healthz")
"""The desk, and what programs call."""
SAME_FOR_ALL = re.compile(
    r"/(?:fragment/|oembed|discussion/\d+/(?:fragment/|feed/|comments\.json)|comments/\d+/embed/)"
)
"""What proxies keep, and other sites show: it speaks no account's language."""
PLACES = {
    "site_key": "key",
    "story_id": "stories__pk",
    "comment_id": "stories__comments__pk",
    "receipt": "stories__comments__notices__receipt",
}
"""Part of an address -> how the site is found by it."""


class LanguageMiddleware:
    """Lets each page speak the language of its reader or of its site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language, and say which one it is."""
        language = page_language(request)
        with translation.override(language):
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response


def page_language(request: HttpRequest) -> str:
    """Return the language in which an address is answered."""
    if request.path_info.startswith(IN_ENGLISH):
        return ENGLISH
    account = "" if SAME_FOR_ALL.fullmatch(request.path_info) else _account_language(request)
    return asked_language(request) or account or _site_language(request)


def asked_language(request: HttpRequest) -> str:
    """Return the language that ?lang= asks for, here or on the page that htmx acts for; empty: none of ours."""
    asked = request.GET.get("lang", "")
    if not asked and (page := request.headers.get("HX-Current-URL", "")):
        asked = _asked_by(page)
    return spoken(asked)


def _asked_by(address: str) -> str:
    try:
        return parse_qs(urlsplit(address).query).get("lang", [""])[0]
    except ValueError:  # an address that nobody's browser makes
        return ""


def _account_language(request: HttpRequest) -> str:
    # Without the cookie nobody is signed in, and pages that are the same for everybody stay so.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    return spoken(getattr(request.user, "language", ""))


def _site_language(request: HttpRequest) -> str:
    site = _site_of(request)
    return site_language(site) if site else ENGLISH


def _site_of(request: HttpRequest) -> Site | None:
    """Return the site that an address is about, else the first one, as the FAQ without a key does."""
    try:
        parts = resolve(request.path_info).kwargs
    except Resolver404:
        parts = {}
    if "site" in request.GET:
        parts = {"site_key": request.GET["site"].replace("\x00", "")} | parts
    for name, lookup in PLACES.items():
        if parts.get(name):
            return Site.objects.filter(**{lookup: parts[name]}).first()
    return Site.objects.order_by("pk").first()
