"""One comment for good: its page with what leads to it and what stands below, and the replies that a page folded."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from belowline.comments.models import Comment
from belowline.comments.threads import Conversation, read_conversation
from belowline.replicas import from_replica_of_story
from belowline.stories.discussion import discussion_state
from belowline.stream.asked import Asked, query_of, read_asked
from belowline.stream.comment_html import CommentWriter
from belowline.stream.listing import completer, links_of
from belowline.stream.not_modified import answer_tagged
from belowline.stream.personal import personal_data
from belowline.stream.shared_cache import is_for_everybody, share_page

GONE, NOT_FOUND = 410, 404


@require_safe
@from_replica_of_story
def show_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show a conversation around one comment; of one that is gone, that it is, and what still stands below."""
    comment = Comment.objects.select_related("story__site").filter(pk=comment_id).first()
    if comment is None or not (comment.is_public or comment.status in Comment.TOMBSTONES):
        return _not_public(request, comment)
    asked = read_asked(request.GET)
    talk = read_conversation(comment, asked.page)
    if asked.page > 1 and not talk.replies:
        return redirect("comment", comment.pk)
    context = {
        "story": comment.story,
        "site": comment.story.site,
        "previous_page": query_of(request, asked._replace(page=asked.page - 1)) if asked.page > 1 else "",
        "asked": asked,
        **_talk_context(request, comment, talk, asked),
    }
    response = render(request, "stream/comment.html", context, status=200 if comment.is_public else GONE)
    return _shared(request, response, comment)


@require_safe
@from_replica_of_story
def show_replies(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Return the replies below a comment as a part of a page, to be opened in place.

    Raises:
        Http404: there is no such comment that readers see.
    """
    comment = get_object_or_404(Comment.objects.select_related("story__site"), pk=comment_id)
    talk = read_conversation(comment)
    if not (comment.is_public or talk.replies):
        raise Http404
    context = _talk_context(request, comment, talk, read_asked(request.GET)._replace(page=1))
    return _shared(request, HttpResponse(context["replies"]), comment)


def _shared(request: HttpRequest, response: HttpResponse, comment: Comment) -> HttpResponse:
    """Let shared caches keep the page, if it is the same for everybody; 304 to those who have it."""
    kept = answer_tagged(request, response) if is_for_everybody(request) else response
    share_page(request, kept, comment.story)
    return kept


def _talk_context(request: HttpRequest, comment: Comment, talk: Conversation, asked: Asked) -> dict[str, Any]:
    """Return the comments as HTML, and what stands around them."""
    state, story = discussion_state(comment.story), comment.story
    rows = [*talk.above, talk.comment, *talk.replies]
    complete = completer(story, rows)
    mine = personal_data(request, [row.id for row in rows])
    links = links_of(request, story, takes_replies=state.is_open and state.takes_replies)
    writer = CommentWriter(links)
    return {
        "above": [writer.article(complete(row)) for row in talk.above],
        "hidden_above": talk.hidden_above,
        "comment": talk.comment,
        "article": writer.article(complete(talk.comment), in_focus=True),
        "replies": writer.replies(
            map(complete, talk.replies),
            head=comment.pk,
            more=talk.more,
            more_carry=query_of(request, asked._replace(page=asked.page + 1)),
            mine=mine,
        ),
        "has_replies": bool(talk.replies or talk.more),
        "head": comment.pk,
        "top": comment.root_id,
        "mine": mine,
        "carry": links.carry,
        "thread_url": links.thread_url,
    }


def _not_public(request: HttpRequest, comment: Comment | None) -> HttpResponse:
    """Say no more than that there is nothing; its author is led to where it stands."""
    if comment is not None and request.user.is_authenticated and comment.author_id == request.user.pk:
        return redirect(f"{reverse('my-comment', args=[comment.pk])}{'?embed=1' if 'embed' in request.GET else ''}")
    return render(request, "stream/no_comment.html", status=NOT_FOUND)
