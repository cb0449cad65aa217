"""The discussion for machines: a piece of HTML for the paper's own page, a feed, and JSON."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.comments.public import last_change, public_comments
from belowline.replicas import from_replica_of_story
from belowline.stories.actions.find_story import key_of_url
from belowline.stories.models import Story
from belowline.stream.atom import ThreadFeed, story_feed
from belowline.stream.not_modified import answer_cached
from belowline.stream.shared_cache import names_of
from belowline.stream.structured import data_block, discussion_data
from belowline.stream.thread_json import thread_data

SECONDS = 60
MAX_COMMENTS, MAX_ENTRIES, JSON_COMMENTS = 50, 100, 100
STORIES = Story.objects.select_related("site")


@require_safe
@from_replica_of_story
def fragment(request: HttpRequest, story_id: int) -> HttpResponse:
    """Answer the newest comments as HTML without chrome, script or style, for a server to put into its page."""
    return _fragment(request, get_object_or_404(STORIES, pk=story_id))


@require_safe
def fragment_by_key(request: HttpRequest) -> HttpResponse:
    """Answer the same for ?site=KEY&story=KEY, or &url=ADDRESS; nobody's page becomes a story by it."""
    site_key, key, url = (request.GET.get(name, "") for name in ("site", "story", "url"))
    if "\x00" in site_key + key + url:
        raise Http404
    return _fragment(request, get_object_or_404(STORIES, site__key=site_key, key=key or key_of_url(url)))


@require_safe
@from_replica_of_story
def feed(request: HttpRequest, story_id: int) -> HttpResponse:
    """Answer the newest comments as an Atom feed."""
    story = get_object_or_404(STORIES, pk=story_id)
    changed = last_change(story)
    body = story_feed(story, public_comments(story, MAX_ENTRIES), changed, get_language() or "en")
    answer = answer_cached(request, body, ThreadFeed.content_type, seconds=SECONDS, names=names_of(story))
    answer["Last-Modified"] = http_date(changed.timestamp())
    return answer


@require_safe
@from_replica_of_story
def thread_json(request: HttpRequest, story_id: int) -> HttpResponse:
    """Answer the newest 100 comments as JSON, or with ?before=ID those that are older than one of them."""
    story = get_object_or_404(STORIES, pk=story_id)
    before = parse_id(request.GET["before"]) if "before" in request.GET else None
    if before is None and "before" in request.GET:
        raise Http404
    try:
        found = public_comments(story, JSON_COMMENTS + 1, before=before)
    except Comment.DoesNotExist as error:
        raise Http404 from error
    comments = found[:JSON_COMMENTS]
    here = settings.BASE_URL + reverse("thread-json", args=[story.pk])
    following = f"{here}?before={comments[-1].id}" if len(found) > JSON_COMMENTS else None
    body = json.dumps(thread_data(story, comments, following), ensure_ascii=False, separators=(",", ":"))
    return answer_cached(request, body, "application/json", seconds=SECONDS, names=names_of(story))


def _fragment(request: HttpRequest, story: Story) -> HttpResponse:
    comments = public_comments(story, MAX_COMMENTS)
    context = {
        "story": story,
        "comments": comments,
        "base_url": settings.BASE_URL,
        "data": data_block(discussion_data(story, comments)),
    }
    page = render_to_string("stream/fragment.html", context)
    return answer_cached(request, page, "text/html; charset=utf-8", seconds=SECONDS, names=names_of(story))
