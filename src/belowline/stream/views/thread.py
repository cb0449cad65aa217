"""The discussion under a story."""

import uuid
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from belowline.comments.errors import PostingError
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.comments.queries import Order, thread_comments
from belowline.comments.resubmission import why_not_again
from belowline.moderation.engine import site_policy
from belowline.moderation.queries import comments_of, expected_wait
from belowline.moderation.redress import add_redress
from belowline.stories.discussion import DiscussionState, discussion_state
from belowline.stories.models import Story
from belowline.stream.page_cache import UNTIL

CACHE_SECONDS = 3600
WAITING = (Comment.Status.HELD, Comment.Status.PENDING)


@require_safe
def show_thread(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show the discussion: for everybody, and without JavaScript."""
    story = get_object_or_404(Story.objects.select_related("site"), pk=story_id)
    return thread_response(request, story)


def thread_response(request: HttpRequest, story: Story, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Return the page; `extra` adds to the template's context (an error beside the text that was refused, say)."""
    order: Order = "oldest" if request.GET.get("order") == "oldest" else "newest"
    now = timezone.now()
    state = discussion_state(story, now)
    context = {
        "state": state,
        "closes_soon": state.is_closing_soon(now),
        "story": story,
        "site": story.site,
        "policy": site_policy(story.site),
        "order": order,
        "comments": comments_html(story, order, state),
        **composer_context(request, story),
        **own_context(request, story),
        **extra,
    }
    response = render(request, "stream/thread.html", context, status=status)
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Encoding", "Sec-Fetch-Dest"])
    if change := state.next_change(now):
        response[UNTIL] = str(change.timestamp())
    return response


def comments_html(story: Story, order: Order, state: DiscussionState) -> SafeString:
    """Return the list of comments as HTML, the same for everybody: kept by the story's thread version.

    Whether the discussion is open is part of the key: it closes by time, without a new version.
    """
    key = f"thread:{story.pk}:{story.thread_version}:{order}:{state.is_open}"
    html: str | None = cache.get(key)
    if html is None:
        rows = thread_comments(story, order)
        html = render_to_string("stream/_comments.html", {"comments": rows, "story": story, "state": state})
        cache.set(key, html, CACHE_SECONDS)
    return mark_safe(html)  # noqa: S308 - made by our own template, which escapes


def composer_context(request: HttpRequest, story: Story) -> dict[str, Any]:
    """Return what the form needs; nothing personal for readers who are not signed in."""
    if not request.user.is_authenticated:
        return {}
    parent = None
    if (wanted := parse_id(request.GET.get("reply", ""))) is not None:
        published = Comment.objects.filter(story=story, status=Comment.Status.PUBLISHED)
        parent = published.select_related("author").filter(pk=wanted).first()
    return {
        "parent": parent,
        **_rewriting(request, story),
        "idempotency_key": uuid.uuid4().hex,
        "max_characters": settings.COMMENT_MAX_CHARACTERS,
    }


def _rewriting(request: HttpRequest, story: Story) -> dict[str, Any]:
    """Return what the form needs to post a rejected comment anew: its text, its place, and why it was rejected."""
    wanted = parse_id(request.GET.get("resubmit", ""))
    old = own_comment(request, story, wanted) if wanted is not None else None
    if old is None:
        return {}
    if why := why_not_again(old):
        return {"problem": PostingError(why, code="cannot_resubmit")}
    return {"resubmits": old, "text": old.text_source, "parent": old.parent}


def own_comment(request: HttpRequest, story: Story, comment_id: int) -> Comment | None:
    """Return a comment of the reader's own under this story, with what was decided about it."""
    found = add_redress(comments_of(request.user).filter(story=story, pk=comment_id))  # type: ignore[arg-type]
    return found[0] if found else None


def own_context(request: HttpRequest, story: Story) -> dict[str, Any]:
    """Return the reader's own comments that only they see, and the outcome of the one just posted."""
    if not request.user.is_authenticated:
        return {}
    mine = comments_of(request.user).filter(story=story)
    found: dict[str, Any] = {"waiting": mine.filter(status__in=WAITING), "wait": expected_wait(story.site)}
    if (posted := parse_id(request.GET.get("posted", ""))) is not None:
        found["posted"] = own_comment(request, story, posted)
    return found
