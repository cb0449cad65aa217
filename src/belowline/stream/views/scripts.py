"""The scripts that a paper's pages load, at short addresses that stay."""

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from belowline.stream.not_modified import answer_cached

HOUR_SECONDS = 3600


@require_safe
def script(request: HttpRequest, name: str) -> HttpResponse:
    """Answer `embed.js` or `counts.js`, also to pages that load it as a module."""
    path = finders.find(f"belowline/{name}")
    if path is None:
        raise Http404
    with open(path, "rb") as file:  # noqa: PTH123 - one of two files of ours
        return answer_cached(request, file.read(), "text/javascript", seconds=HOUR_SECONDS)
