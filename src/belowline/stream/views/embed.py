"""The way in from the paper's page: the frame asks for a story by its key or address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from belowline.stories.actions.find_story import find_story
from belowline.stories.errors import StoryFetchError
from belowline.stories.models import Site


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
    return redirect(f"{reverse('thread', args=[story.pk])}?embed=1")
