"""What oEmbed says of a comment (oembed.com, version 1.0)."""

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from belowline.comments.ids import parse_id
from belowline.comments.public import PublicComment, public_comment
from belowline.stories.models import Story
from belowline.stream.not_modified import answer_cached, share
from belowline.stream.shared_cache import names_of
from belowline.stream.structured import address_of

SECONDS = 300
PERMALINK = re.compile(r"/comments/(\d{1,18})/(?:embed/)?")
WIDTH, HEIGHT = 600, 240
"""Pixels. The frame takes the width that it gets; the script gives it the height that it needs."""


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Answer for ?url=ADDRESS of a comment, with maxwidth and maxheight; 404: no such comment; 501: not as XML."""
    if request.GET.get("format", "json") != "json":
        return _problem(HTTPStatus.NOT_IMPLEMENTED, _("Only JSON is served: format=json."))
    sizes = {
        name: parse_id(request.GET.get(name, str(size))) for name, size in (("maxwidth", WIDTH), ("maxheight", HEIGHT))
    }
    if not all(sizes.values()):
        return _problem(HTTPStatus.BAD_REQUEST, _("maxwidth and maxheight are whole numbers of pixels."))
    comment_id = comment_of(request.GET.get("url", ""))
    comment = public_comment(comment_id) if comment_id is not None else None
    if comment is None:
        return _problem(HTTPStatus.NOT_FOUND, _("There is no published comment at this address."))
    story = Story.objects.select_related("site").get(comments=comment.id)
    body = JsonResponse(describe(comment, story, {name: size or 0 for name, size in sizes.items()})).content
    return answer_cached(request, body, "application/json", seconds=SECONDS, names=names_of(story))


def comment_of(url: str) -> int | None:
    """Return the id of the comment at an address of this server, or None."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    found = PERMALINK.fullmatch(parts.path)
    is_ours = parts.scheme in {"http", "https"} and parts.netloc == urlsplit(settings.BASE_URL).netloc
    return int(found[1]) if found and is_ours else None


def describe(comment: PublicComment, story: Story, most: dict[str, int]) -> dict[str, Any]:
    """Return the answer about a comment that takes no more than `maxwidth` and `maxheight` pixels."""
    html = render_to_string("stream/oembed.html", {"comment": comment, "story": story, "base_url": settings.BASE_URL})
    return {
        "version": "1.0",
        "type": "rich",
        "title": _("Comment by %(name)s on “%(story)s”") % {"name": comment.author_name, "story": story},
        "author_name": comment.author_name,
        "author_url": address_of(comment.id),
        "provider_name": story.site.name,
        "provider_url": settings.BASE_URL + reverse("thread", args=[story.pk]),
        "cache_age": SECONDS,
        "html": html.strip(),
        "width": min(WIDTH, most["maxwidth"]),
        "height": min(HEIGHT, most["maxheight"]),
    }


def _problem(status: int, detail: str) -> HttpResponse:
    answer = JsonResponse({"detail": detail}, status=status)
    share(answer)
    return answer
