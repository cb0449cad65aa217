"""Who may open a page of the desk, and which rows they see there: accounts.permissions says it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere, within

View = Callable[..., HttpResponse]
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


def allowed(action: Action) -> Callable[[View], View]:
    """Let those through who may do this somewhere, ask strangers to sign in, and refuse all others.

    What somebody may do on one site alone, the page's rows and its actions see to.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require_somewhere(request.user, action)
            return view(request, *args, **kwargs)

        return checked

    return decorate


def seen_by(user: User, rows: Rows, story: str = "story") -> Rows:
    """Return the rows that somebody may read on the desk; `story` is the path from a row to its story."""
    return within(user, Action.SEE_DESK, rows, site=f"{story}__site", section=f"{story}__section")


def staff_of(request: HttpRequest) -> User:
    """Return the member of staff who asks, behind `allowed`."""
    if not isinstance(request.user, User):
        raise TypeError("nobody else was let through")
    return request.user
