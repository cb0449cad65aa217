"""Where a reader is signed in, and how to end that."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.accounts.actions.end_sessions import end_sessions
from belowline.accounts.sessions import sessions_of
from belowline.comments.ids import parse_id
from belowline.stream.links import our_address


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """List the reader's sessions, or end one of them (`session`) or all but this one (without)."""
    user: Any = request.user
    here = request.session.session_key
    if request.method != "POST":
        # Who signed in before sessions were listed has no row yet.
        UserSession.objects.create_from_request(request)
        return render(request, "stream/sessions.html", {"sessions": sessions_of(user), "here": here})
    asked = request.POST.get("session")
    chosen = None if asked is None else (parse_id(asked) or 0)
    count = end_sessions(user=user, session_id=chosen, besides=here)
    ended = ngettext("%(count)s session ended.", "%(count)s sessions ended.", count) % {"count": count}
    messages.success(request, ended, extra_tags="good")
    return redirect(our_address(request, "sessions"))
