"""A reader deletes their account, after they have typed its name."""

import unicodedata
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.actions.close_account import close_account
from belowline.moderation.errors import ClosingError

CHOICES = {"keep": False, "delete": True}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def close(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays, or close the account for good."""
    if request.method != "POST":
        return _page(request)
    user: Any = request.user
    choice = request.POST.get("comments", "")
    try:
        _check(user, request.POST.get("confirmation", ""), choice)
        close_account(user=user, deletes_comments=CHOICES[choice])
    except ClosingError as error:
        return _page(request, status=422, problem=error, choice=choice)
    logout(request)
    return render(request, "stream/closed.html", {"deletes": CHOICES[choice]})


def _check(user: User, typed: str, choice: str) -> None:
    """Refuse what was not confirmed.

    Raises:
        ClosingError: `not_confirmed`.
    """
    if choice not in CHOICES:
        raise ClosingError(_("Please choose what becomes of your comments."), code="not_confirmed")
    if _plain(typed) != _plain(user.display_name):
        raise ClosingError(
            _("Nothing was deleted. To confirm, type your display name: %(name)s") % {"name": user.display_name},
            code="not_confirmed",
        )


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def _page(request: HttpRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    user: Any = request.user
    count = Comment.objects.filter(author=user).exclude(status=Comment.Status.DELETED).count()
    return render(request, "stream/close.html", {"count": count, **extra}, status=status)
