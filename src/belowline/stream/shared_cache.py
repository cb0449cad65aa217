"""What shared caches (a CDN, nginx, Varnish) may keep of our answers, for how long, and by which names it is purged.

They may keep what a view has named here as the same for everybody, and nothing else. Whatever was not named, sets a
cookie, or was made with somebody's session, goes out as private: also where a cache looks at no cookie.
"""

import math
import time
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from belowline.moderation.languages import spoken
from belowline.stories.models import Story
from belowline.stories.purging import site_name, story_name
from belowline.stream.asked import QUERY
from belowline.stream.languages import asked_language

NAMED = "_belowline_shared"
"""Where an answer says that it is the same for everybody."""
PRIVATE = "private, no-cache"
EVERYBODYS = ("Cache-Control", "CDN-Cache-Control", "Surrogate-Key", "Cache-Tag")


class Names(NamedTuple):
    """By what an answer is purged."""

    site: str = ""
    story: int | None = None


def is_on() -> bool:
    """Say whether shared caches may answer without asking us."""
    return settings.SHARED_CACHE_SECONDS > 0


def caching(left: float = math.inf, *, browser_seconds: int = 0) -> dict[str, str]:
    """Return the headers about keeping an answer that is the same for everybody, and true for `left` seconds more.

    Browsers ask again each time, or after `browser_seconds`. The second header is for CDNs that read RFC 9213: by
    RFC 9111, s-maxage forbids to answer with what is stale, and some keep to that.
    """
    fresh = int(min(settings.SHARED_CACHE_SECONDS, left))
    if fresh <= 0:
        return {"Cache-Control": "no-cache"}
    stale = int(min(settings.SHARED_CACHE_STALE_SECONDS, left - fresh))
    more = f"stale-while-revalidate={max(0, stale)}, stale-if-error={max(0, settings.SHARED_CACHE_ERROR_SECONDS)}"
    return {
        "Cache-Control": f"public, max-age={browser_seconds}, s-maxage={fresh}, {more}",
        "CDN-Cache-Control": f"public, max-age={fresh}, {more}",
    }


def surrogate(names: Names) -> dict[str, str]:
    """Return the header with the names by which a CDN purges an answer; none where shared caches keep nothing."""
    found = [site_name(names.site)] if names.site else []
    found += [story_name(names.story)] if names.story is not None else []
    if not is_on() or not found:
        return {}
    return (
        {"Cache-Tag": ",".join(found)}
        if settings.SURROGATE_HEADER == "cache-tag"
        else {"Surrogate-Key": " ".join(found)}
    )


def names_of(story: Story) -> Names:
    """Return by what everything about a story is purged."""
    return Names(story.site.key, story.pk)


def share_answer(response: HttpResponse, names: Names, *, left: float = math.inf, browser_seconds: int = 0) -> None:
    """Let shared caches keep an answer that is the same for everybody, whoever asks."""
    setattr(response, NAMED, True)
    for name, value in (caching(left, browser_seconds=browser_seconds) | surrogate(names)).items():
        response[name] = value


def keep_answer(response: HttpResponse, seconds: int, names: Names | None) -> None:
    """Let shared caches, and browsers for so long, keep an answer for programs and other sites."""
    has_text = names is not None and names.story is not None
    if names is not None and is_on():
        share_answer(response, names, browser_seconds=0 if has_text else seconds)
        return
    setattr(response, NAMED, True)
    # A comment that is taken down shall not be shown for long.
    response["Cache-Control"] = f"public, max-age={seconds}, stale-while-revalidate={(1 if has_text else 10) * seconds}"


def share_page(request: HttpRequest, response: HttpResponse, story: Story, *, until: float = math.inf) -> None:
    """Let shared caches keep a page as somebody gets it who is not signed in; `until` is a second of the epoch."""
    patch_vary_headers(response, ["Cookie", "Accept-Encoding", "Sec-Fetch-Dest"])
    if is_for_everybody(request):
        share_answer(response, names_of(story), left=until - time.time())


def is_for_everybody(request: HttpRequest) -> bool:
    """Say whether a page is asked for as it is for everybody who is not signed in, by its address alone."""
    return (
        request.method in {"GET", "HEAD"}
        # Anywhere in the header: no cookie that we or a proxy read in another way is taken for none.
        and settings.SESSION_COOKIE_NAME not in request.headers.get("Cookie", "")
        and bool(QUERY.fullmatch(request.META.get("QUERY_STRING", "")))
        and ("embed" in request.GET or request.headers.get("Sec-Fetch-Dest") != "iframe")
        and asked_language(request) == spoken(request.GET.get("lang", ""))
    )


def private_unless_shared(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return Django's middleware that lets shared caches keep nothing but what was named; stands before sessions."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not getattr(response, NAMED, False) or response.cookies or was_personal(request):
            keep_private(response)
        return response

    return answer


def was_personal(request: HttpRequest) -> bool:
    """Say whether an answer was made with somebody's session."""
    session = getattr(request, "session", None)
    return settings.SESSION_COOKIE_NAME in request.COOKIES and session is not None and session.accessed


def keep_private(response: HttpResponse) -> None:
    """Keep an answer out of shared caches; what forbids more stays."""
    for name in EVERYBODYS[1:]:
        response.headers.pop(name, None)
    told = {part.strip().partition("=")[0].lower() for part in response.get("Cache-Control", "").split(",")}
    if not told & {"private", "no-store"}:
        response["Cache-Control"] = PRIVATE
