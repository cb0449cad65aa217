"""Who may use the editors' controls on readers' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from belowline.accounts.models import User

View = Callable[..., HttpResponse]


def staff_only(view: View) -> View:
    """Let staff through, ask strangers to sign in, and refuse readers."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        editor_of(request)
        return view(request, *args, **kwargs)

    return checked


def editor_of(request: HttpRequest) -> User:
    """Return the member of staff who asks; what they may do there, the action sees to.

    Raises:
        PermissionDenied: somebody else asks.
    """
    if not (isinstance(request.user, User) and request.user.is_staff):
        raise PermissionDenied("only staff control discussions")
    return request.user
