"""What links carry on from page to page: that it stands in a frame, and the language that was asked for."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from belowline.stream.frames import is_framed
from belowline.stream.languages import asked_language


def frame_query(request: HttpRequest, **more: str | int) -> str:
    """Return the query for a link within our pages, with its question mark; empty where there is nothing to carry.

    `more` are parameters of the link's own. A `next` among them leads to a page of ours, and carries the same on.
    """
    language = asked_language(request)
    kept: dict[str, str | int] = ({"embed": 1} if is_framed(request) else {}) | ({"lang": language} if language else {})
    if kept and "next" in more:
        more["next"] = f"{more['next']}{'&' if '?' in str(more['next']) else '?'}{urlencode(kept)}"
    query = urlencode(more | kept, safe="/")
    return f"?{query}" if query else ""


def our_address(request: HttpRequest, to: str) -> str:
    """Return the address of a page of ours, given its name or path, that carries the same on."""
    path, mark, anchor = (to if to.startswith("/") else reverse(to)).partition("#")
    return path + frame_query(request) + mark + anchor


def language_query(request: HttpRequest) -> str:
    """Return the query for a link that leads out of the frame: the language goes on, the frame does not."""
    language = asked_language(request)
    return f"?lang={language}" if language else ""
