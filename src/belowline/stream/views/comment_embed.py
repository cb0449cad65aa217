"""One comment, to stand in a frame on any page."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from belowline.comments.ids import MAX_ID_DIGITS
from belowline.comments.models import Comment
from belowline.comments.public import public_comment
from belowline.replicas import from_replica_of_story
from belowline.stream.not_modified import answer_cached
from belowline.stream.shared_cache import names_of

SECONDS = 60


@require_safe
@from_replica_of_story
def comment_embed(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show one comment, or say that it is gone; the same for everybody, in a frame on any page."""
    if len(str(comment_id)) > MAX_ID_DIGITS:
        raise Http404
    found = get_object_or_404(Comment.objects.select_related("story__site"), pk=comment_id, published_at__isnull=False)
    comment = public_comment(comment_id)
    context = {
        "story": found.story,
        "site": found.story.site,
        "comment": comment,
        "status": found.status,
        "framed": True,
        "base_url": settings.BASE_URL,
    }
    page = render_to_string("stream/comment_embed.html", context)
    answer = answer_cached(request, page, "text/html; charset=utf-8", seconds=SECONDS, names=names_of(found.story))
    if comment is None and answer.status_code == HTTPStatus.OK:
        answer.status_code = HTTPStatus.GONE
    answer._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined] # noqa: SLF001 - django-csp's documented way
    return answer
