"""One click, and mails of a kind stop: without a session, because mail programs ask for it (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from belowline.notifications.actions.set_frequencies import set_frequencies
from belowline.notifications.models import Frequency
from belowline.notifications.unsubscribing import read_token


@csrf_exempt  # the signature in the address is the permission
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, because programs that look at links must change nothing; then switch these mails off."""
    found = read_token(token)
    if found is None:
        return render(request, "stream/unsubscribe.html", {"unknown": True}, status=404)
    if request.method == "POST":
        set_frequencies(user=found.user, wanted=dict.fromkeys(found.kinds, Frequency.OFF))
    context = {"kinds": [kind.label for kind in found.kinds], "done": request.method == "POST"}
    return render(request, "stream/unsubscribe.html", context)
