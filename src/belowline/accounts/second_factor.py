"""Members of staff and their second factor: without one, where it is required, they are readers like all others."""

from collections.abc import Callable, Collection

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from belowline.accounts.models import User

STAFF_PAGES = ("/desk/",)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""A recovery code stands in for one of these, and is none itself."""


class SecondFactorMiddleware:
    """Leads members of staff to set a second factor up before the desk opens, where the server wants one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take what staff may do from whoever has no second factor, for this request."""
        if not settings.STAFF_SECOND_FACTOR_REQUIRED or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        user = request.user
        if isinstance(user, User) and user.is_staff and not has_second_factor(user):
            user.lacks_second_factor = True
            if request.path_info.startswith(STAFF_PAGES):
                return lead_to_set_up(request)
        return self.get_response(request)


def has_second_factor(user: User) -> bool:
    """Say whether the account has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def with_second_factor(ids: Collection[int]) -> set[int]:
    """Return which of these accounts, by their ids, have an authenticator app or a passkey."""
    return set(Authenticator.objects.filter(user__in=ids, type__in=FACTORS).values_list("user_id", flat=True))


def needs_second_factor(user: User) -> bool:
    """Say whether the account is a member of staff's who has to have a second factor here."""
    return bool(settings.STAFF_SECOND_FACTOR_REQUIRED) and user.has_role


def lead_to_set_up(request: HttpRequest) -> HttpResponse:
    """Lead to the page on which a second factor is set up, with a word why."""
    words = gettext("The newsroom asks its staff for a second factor. Please set one up; then the desk opens.")
    messages.warning(request, words, extra_tags="wait")
    return redirect(f"{reverse('mfa_index')}?{urlencode({'next': request.path})}")
