"""Whom a reader has muted: adding to the list, taking from it, and reading it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.actions.mute_author import mute_author
from belowline.accounts.actions.unmute_author import unmute_author
from belowline.accounts.models import Mute, User
from belowline.stream.links import frame_query


@require_POST
@login_required
def mute(request: HttpRequest, author_id: int) -> HttpResponse:
    """Mute somebody, and lead back to where the reader was."""
    author = get_object_or_404(User, pk=author_id)
    if mute_author(muted=author, by=_reader(request)):
        messages.success(request, gettext("You no longer see what %(name)s writes.") % {"name": author.display_name})
    return redirect(_back(request))


@require_POST
@login_required
def unmute(request: HttpRequest, author_id: int) -> HttpResponse:
    """Take a mute back, and lead back to where the reader was."""
    author = get_object_or_404(User, pk=author_id)
    if unmute_author(muted=author, by=_reader(request)):
        messages.success(request, gettext("You see again what %(name)s writes.") % {"name": author.display_name})
    return redirect(_back(request))


@require_safe
@login_required
def muted(request: HttpRequest) -> HttpResponse:
    """List whom the reader has muted."""
    mutes = Mute.objects.filter(user=_reader(request)).select_related("muted").order_by("-created_at")
    return render(request, "stream/muted.html", {"mutes": mutes})


def _reader(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("login_required lets nobody else through")
    return request.user


def _back(request: HttpRequest) -> str:
    """Return the page of ours that the reader came from; the list of mutes where that is not told."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return came_from
    return reverse("muted") + frame_query(request)
