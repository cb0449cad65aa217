"""Limits for readers: whose act it is, and a polite answer where acts come too often."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import ngettext

from belowline.limits.client_address import address_key
from belowline.limits.errors import LimitedError
from belowline.limits.spending import spend_limit

TOO_MANY = 429
PROBLEM = "application/problem+json"
SIGN_IN_SECONDS = 60
"""What those who try to sign in too often wait: all of allauth's limits for a page are by the minute."""
IN_MINUTES_FROM = 120
"""Longer waits than this many seconds are told in minutes."""


class LimitMiddleware:
    """Answers where a view has raised LimitedError."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the view answer."""
        response = self.get_response(request)
        if response.status_code == TOO_MANY:
            # Whoever comes too often shall not fill the log as well; metrics count.
            response._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001 - Django's own mark
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 429 with the seconds to wait."""
        return limited_response(request, exception.seconds) if isinstance(exception, LimitedError) else None


def spend_for(request: HttpRequest, limit: str, *, story: int | None = None) -> None:
    """Count what a reader does by one of settings.LIMITS; members of staff are not counted.

    Raises:
        LimitedError: it was done too often by this account, from this address, or under this story.
    """
    user: Any = request.user
    if not (user.is_authenticated and user.is_staff):
        account = user.pk if user.is_authenticated else None
        spend_limit(limit, account=account, address=address_key(request.META), story=story)


def limited_response(request: HttpRequest, seconds: int) -> HttpResponse:
    """Return the answer to what came too often: a page, a part of one for htmx, or a problem for programs."""
    sentence = wait_sentence(seconds)
    accepted = request.headers.get("Accept", "")
    answer: HttpResponse
    if "json" in accepted and "text/html" not in accepted:
        problem = {"type": "about:blank", "title": "too_many_requests", "status": TOO_MANY, "detail": sentence}
        problem |= {"code": "too_many_requests", "retry_after": seconds}
        answer = JsonResponse(problem, status=TOO_MANY, content_type=PROBLEM)
    else:
        is_part = request.headers.get("HX-Request") == "true"
        template = "stream/_limited.html" if is_part else "429.html"
        answer = render(request, template, {"sentence": sentence}, status=TOO_MANY)
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "no-store"
    return answer


def wait_sentence(seconds: int) -> str:
    """Return a sentence that says how long to wait."""
    if seconds >= IN_MINUTES_FROM:
        minutes = -(-seconds // 60)
        return ngettext(
            "That was more often than we allow. Please try again in %(number)d minute.",
            "That was more often than we allow. Please try again in %(number)d minutes.",
            minutes,
        ) % {"number": minutes}
    return ngettext(
        "That was more often than we allow. Please try again in %(number)d second.",
        "That was more often than we allow. Please try again in %(number)d seconds.",
        seconds,
    ) % {"number": seconds}


def sign_in_limited(request: HttpRequest) -> HttpResponse:
    """Answer where somebody tries to sign in, up or to get codes too often; allauth counts that."""
    return limited_response(request, SIGN_IN_SECONDS)
