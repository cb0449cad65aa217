"""The way in from the paper's page: the frame asks for a story by its key or address."""

import re

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from belowline.stories.actions.find_story import find_story
from belowline.stories.errors import StoryFetchError
from belowline.stories.models import Site
from belowline.stream.shared_cache import names_of, share_answer

KEPT = {"order": re.compile(r"[a-z]{1,20}"), "lang": re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")}
"""What the paper's page wishes of the discussion, and how it is written; anything else is left out."""


@require_safe
def embed(request: HttpRequest) -> HttpResponse:
    """Lead to the discussion of ?site=KEY&story=KEY&url=ADDRESS; a page new to us becomes a story."""
    site_key, key, url = (request.GET.get(name, "") for name in ("site", "story", "url"))
    if "\x00" in site_key + key + url:
        raise Http404
    site = get_object_or_404(Site, key=site_key)
    try:
        story = find_story(site=site, key=key, url=url)
    except StoryFetchError as error:
        return render(request, "stream/no_story.html", {"site": site, "problem": error}, status=404)
    response = redirect(f"{reverse('thread', args=[story.pk])}?embed=1{wishes(request.GET)}")
    share_answer(response, names_of(story))
    return response


def wishes(query: QueryDict) -> str:
    """Return what of a query the discussion itself understands, as the rest of another query."""
    found = {name: query.get(name, "") for name in KEPT}
    return "".join(f"&{name}={value}" for name, value in found.items() if KEPT[name].fullmatch(value))
