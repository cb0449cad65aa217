"""The sheet with a paper's own look, from our own address: no page needs a style of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from belowline.stories.models import Site
from belowline.stream.not_modified import answer_cached
from belowline.stream.shared_cache import Names
from belowline.stream.theme import theme_sheet, with_wishes

DAY_SECONDS = 86_400


@require_safe
def theme_css(request: HttpRequest, site_key: str) -> HttpResponse:
    """Answer the site's theme, with what one embed wishes in the query; text that could not be read is mended."""
    site = get_object_or_404(Site, key=site_key)
    sheet = theme_sheet(with_wishes(site, request.GET.dict()))
    answer = answer_cached(request, sheet, "text/css", seconds=300, names=Names(site.key))
    if "v" in request.GET:
        # A page names the version: another theme has another address.
        answer["Cache-Control"] = f"public, max-age={30 * DAY_SECONDS}, immutable"
    return answer
