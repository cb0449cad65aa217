"""Single sign-on: the paper's page sends its reader's token, and the reader is signed in here."""

from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import AppSettings
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from belowline.accounts.actions.accept_token import accept_token
from belowline.accounts.models import User
from belowline.accounts.sso.errors import SsoError
from belowline.stories.models import Site
from belowline.stream.limited import spend_for


@csrf_exempt
@require_POST
@never_cache
def sso(request: HttpRequest) -> HttpResponse:
    """Sign the reader in whom the token is about, and lead on; no cookie of ours gives this request any power."""
    present = request.user if isinstance(request.user, User) else None
    try:
        check_origin(request)
        spend_for(request, "sso")
        user = accept_token(token=request.POST.get("token", ""), present=present).user
    except SsoError as error:
        return refused(request, error)
    if user == present:
        return redirect(next_path(request))
    if present is not None:
        get_adapter().logout(request)
    # Through allauth's own stages: a second factor is asked for; the address may wait until the first comment.
    response: HttpResponse = perform_login(
        request,
        user,
        email_verification=AppSettings.EmailVerificationMethod.NONE,
        redirect_url=next_path(request),
    )
    return response


@csrf_exempt
@require_POST
@never_cache
def sso_logout(request: HttpRequest) -> HttpResponse:
    """Sign whoever is here out, because the paper did."""
    try:
        check_origin(request)
    except SsoError as error:
        return refused(request, error)
    if request.user.is_authenticated:
        get_adapter().logout(request)
    return redirect(next_path(request))


def check_origin(request: HttpRequest) -> None:
    """Let nobody but a paper's own pages, and ours, send readers here: no stranger signs them in as somebody else.

    Raises:
        SsoError: `sso_origin`, the page that sent the form is another's.
    """
    try:
        parts = urlsplit(request.headers.get("Origin", ""))
        host, place = parts.hostname or "", parts.netloc
    except ValueError:
        host = place = ""
    if place and place == request.get_host():
        return
    if not host or not any(site.allows_host(host) for site in Site.objects.all()):
        raise SsoError("the form came from a page that is none of the site's domains", code="sso_origin")


def refused(request: HttpRequest, error: SsoError) -> HttpResponse:
    """Return the page that says why nobody was signed in or out."""
    status = 403 if error.code == "sso_origin" else 400
    return render(request, "stream/sso_refused.html", {"problem": error}, status=status)


def next_path(request: HttpRequest) -> str:
    """Return where to lead: a path of ours, or the reader's own comments."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return resolve_url("my-comments" if request.path_info == resolve_url("sso") else "faq")
