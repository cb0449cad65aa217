"""The names and attributes of our cookies, and those that a frame on another site's page may have.

Django of this version, and Python before 3.14, do not know `Partitioned` (CHIPS): such a cookie is kept for the pages
of one paper alone, so that no other page on which our frame stands can tell that it is the same reader.
"""

from collections.abc import Callable
from http.cookies import Morsel
from typing import Literal, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase

SESSION, CSRF = "belowline_session", "belowline_csrf"
PREFIX = "__Host-"
"""Browsers take such a cookie only with Secure, for all paths, and for this host alone: no other subdomain sets it."""


class Cookies(NamedTuple):
    """What ours are called, and where browsers send them."""

    session: str
    csrf: str
    same_site: Literal["Lax", "None"]


def cookie_settings(*, https: bool, cross_site: bool) -> Cookies:
    """Return what cookies are to be like.

    Raises:
        ImproperlyConfigured: frames on other sites without https: browsers would drop the cookies.
    """
    if cross_site and not https:
        raise ImproperlyConfigured("BELOWLINE_CROSS_SITE needs https: give BELOWLINE_BASE_URL with https://")
    prefix = PREFIX if https else ""
    return Cookies(prefix + SESSION, f"{prefix}{CSRF}" if https else "csrftoken", "None" if cross_site else "Lax")


def partition_cookies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return Django's middleware that gives every cookie of ours the attribute, also those that are taken back."""
    # Of the standard library's class, for it refuses attributes that it does not know.
    Morsel._reserved.setdefault("partitioned", "Partitioned")  # type: ignore[attr-defined] # noqa: SLF001
    Morsel._flags.add("partitioned")  # type: ignore[attr-defined] # noqa: SLF001

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for morsel in response.cookies.values():
            morsel["partitioned"] = True
        return response

    return answer
