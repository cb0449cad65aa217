"""Everything that a reader may do with one comment, on a page of its own or below the comment."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belowline.accounts.permissions import Action, may
from belowline.comments.models import Comment
from belowline.moderation.editing import editable_seconds
from belowline.stream.links import frame_query


@require_safe
@never_cache
def more(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show what this reader may do with a published comment; htmx gets the list alone."""
    return more_response(request, public_comment(comment_id))


def more_response(request: HttpRequest, comment: Comment, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Return the page; `extra` adds to the template's context (an error beside what was refused, say)."""
    user: Any = request.user
    place: Any = {"site": comment.story.site_id, "section": comment.story.section}
    context = {
        "comment": comment,
        "story": comment.story,
        "site": comment.story.site,
        "is_own": user.is_authenticated and comment.author_id == user.pk,
        "is_editor": any(may(user, action, **place) for action in (Action.PICK, Action.REMOVE)),
        "seconds_left": editable_seconds(user, [comment.pk]).get(comment.pk, 0) if user.is_authenticated else 0,
        "link": request.build_absolute_uri(reverse("comment", args=[comment.pk])),
        "back": back_to(request, comment),
        **extra,
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "stream/_more.html" if is_part else "stream/more.html", context, status=status)


def public_comment(comment_id: int) -> Comment:
    """Return a published comment with its story, site and author.

    Raises:
        Http404: there is none with this id, or not for everybody.
    """
    comment = get_object_or_404(Comment.objects.select_related("story__site", "author"), pk=comment_id)
    if not comment.is_public:
        raise Http404("not published")
    return comment


def back_to(request: HttpRequest, comment: Comment) -> str:
    """Return the path of a comment in its discussion, for the frame and the language that the page has."""
    return f"{reverse('thread', args=[comment.story_id])}{frame_query(request)}#c-{comment.pk}"
