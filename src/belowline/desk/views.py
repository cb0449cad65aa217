"""What the desk's pages have in common: who comes in, and what is said where nothing could be saved."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from belowline.accounts.models import User

View = Callable[..., HttpResponse]

logger = logging.getLogger(__name__)


def moderators_only(view: View) -> View:
    """Let moderators through, ask strangers to sign in, and refuse readers."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (isinstance(request.user, User) and request.user.is_moderator):
            raise PermissionDenied("only moderators see the desk")
        return view(request, *args, **kwargs)

    return checked


def saved_or_said(view: View) -> View:
    """Say so where a decision could not be saved (the disk may be full): nothing is changed then."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DatabaseError as error:
            # Only the type: the message may quote values.
            logger.error("a decision could not be saved (%s)", type(error).__name__)  # noqa: TRY400
            return render(request, "desk/not_saved.html", status=503)

    return checked
