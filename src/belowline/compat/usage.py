"""The page that shows what a key was used for, to whoever has the key."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from belowline.compat.models import use_of_days
from belowline.compat.perspective.door import find_key
from belowline.compat.quota import use


@csrf_exempt
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the key, and show its quota and its use in the last 30 days; the key never stands in an address."""
    token = request.POST.get("key", "").strip()
    key = find_key(token) if token else None
    context: dict[str, Any] = {"asked": bool(token), "key": key}
    if key is not None:
        use.write()
        days = use_of_days(key)
        context |= {"days": days, "most": max((row["comments"] for row in days), default=0) or 1}
    answer = render(request, "compat/usage.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
