"""Leaving for another provider by a page of ours that leads on.

A form whose answer redirects to another site would need that site, and every site that it redirects to, in the policy
of our pages (`form-action`). A page that leads on needs none of them.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

View = Callable[..., HttpResponse]

logger = logging.getLogger(__name__)


def by_page(view: View) -> View:
    """Turn the redirect with which a view answers a form into a page that leads to the same address."""

    @wraps(view)
    def left(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = or_say_so(view)(request, *args, **kwargs)
        target = response.headers.get("Location", "")
        if request.method != "POST" or not target.startswith(("https://", "http://")):
            return response
        return render(request, "socialaccount/login_redirect.html", {"redirect_to": target})

    return left


def or_say_so(view: View) -> View:
    """Say so where the provider does not answer, or answers with what is none of OpenID Connect."""

    @wraps(view)
    def tried(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (RequestException, KeyError) as error:
            logger.warning("another provider could not be used (%s)", type(error).__name__)
            return render(request, "socialaccount/authentication_error.html", status=502)

    return tried
