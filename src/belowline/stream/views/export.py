"""A reader takes with them all that is kept about them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belowline.stream.export.as_csv import zip_pieces
from belowline.stream.export.as_json import json_pieces
from belowline.stream.export.sections import SECTIONS

FORMATS = {
    "json": (json_pieces, "application/json", "json"),
    "csv": (zip_pieces, "application/zip", "zip"),
}


@require_safe
@never_cache
@login_required
def export_mine(request: HttpRequest) -> HttpResponseBase:
    """Offer the two formats, or send the one that is asked for, row by row."""
    user: Any = request.user
    if (asked := request.GET.get("format", "")) not in FORMATS:
        return _offer(request)
    pieces, content_type, ending = FORMATS[asked]
    now = timezone.now()
    body = iter(()) if request.method == "HEAD" else pieces(user, now)
    answer = StreamingHttpResponse(body, content_type=content_type)
    name = f"belowline-{user.pk}-{timezone.localtime(now):%Y-%m-%d}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _offer(request: HttpRequest) -> HttpResponse:
    return render(request, "stream/export.html", {"sections": [section.name for section in SECTIONS]})
