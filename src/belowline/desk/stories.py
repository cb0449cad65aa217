"""The desk's pages about stories: which there are, and what the comments under one are about."""

from collections import Counter
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, within
from belowline.comments.ids import parse_id
from belowline.desk.doors import staff_of
from belowline.desk.story_map import draw_map
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.models import Decision
from belowline.moderation.queries import held_comments
from belowline.moderation.subjects import MappedComment, StoryMap, map_story
from belowline.moderation.topic import TOPIC
from belowline.stories.actions.reread_text import reread_text
from belowline.stories.actions.switch_topic import switch_topic
from belowline.stories.discussion import DiscussionState, discussion_states
from belowline.stories.models import Story

PER_PAGE = 30
LIST_LENGTH = 100


class StoryRow(NamedTuple):
    """A story as the list shows it."""

    story: Story
    waiting: int
    off_topic: int
    """How many of them wait for their topic first of all."""
    state: DiscussionState


@require_safe
@never_cache
@moderators_only
def list_stories(request: HttpRequest) -> HttpResponse:
    """List the stories, the newest first, with what waits under each."""
    stories = seen_stories(request).defer("body", "standfirst").order_by("-published_at", "-pk")
    page = Paginator(stories, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/stories.html", {"page": page, "rows": story_rows(list(page))})


def seen_stories(request: HttpRequest) -> QuerySet[Story]:
    """Return the stories that whoever asks may see on the desk."""
    stories = Story.objects.select_related("site")
    return within(staff_of(request), Action.SEE_DESK, stories, site="site", section="section")


def story_rows(stories: list[Story]) -> list[StoryRow]:
    """Return the stories with what waits under each and how their discussions stand, in three queries."""
    newest = Decision.objects.filter(comment=OuterRef("pk")).order_by("-id").annotate(first=KT("reasons__0__signal"))
    held = held_comments().filter(story__in=stories).annotate(first=Subquery(newest.values("first")[:1]))
    counts = Counter(held.order_by().values_list("story_id", "first"))
    waiting: Counter[int] = Counter()
    for (story_id, _), count in counts.items():
        waiting[story_id] += count
    states = discussion_states(stories)
    return [StoryRow(story, waiting[story.pk], counts[story.pk, TOPIC], states[story.pk]) for story in stories]


@require_safe
@never_cache
@moderators_only
def show_story(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show a story with the map of its comments, and the comments of one subject: ?subject=1, or 0 for the others."""
    story = get_object_or_404(seen_stories(request), pk=story_id)
    found = map_story(story)
    chosen = parse_id(request.GET.get("subject", ""))
    context: dict[str, Any] = {
        "story": story,
        "row": story_rows([story])[0],
        "map": found,
        "picture": draw_map(found),
        "chosen": chosen,
        "chosen_subject": found.subjects[chosen - 1] if chosen and chosen <= len(found.subjects) else None,
        "listed": chosen_comments(found, chosen)[:LIST_LENGTH],
    }
    return render(request, "desk/story.html", context)


def chosen_comments(found: StoryMap, chosen: int | None) -> tuple[MappedComment, ...]:
    """Return the comments of the subject with this number, from 1; of none for 0; nothing for what is not there."""
    if chosen is None or chosen > len(found.subjects):
        return ()
    return found.subjects[chosen - 1].comments if chosen else found.rest


@require_POST
@moderators_only
@saved_or_said
def switch(request: HttpRequest, story_id: int) -> HttpResponse:
    """Switch the topic judgement of a story on or off."""
    story = get_object_or_404(Story, pk=story_id)
    is_on = request.POST.get("judges_topic") == "on"
    switch_topic(story=story, is_on=is_on, by=moderator_of(request))
    said = "Comments are judged for their topic again." if is_on else "Nothing is off topic under this story any more."
    messages.success(request, f"{said} What waits for its topic is judged again now.", extra_tags="good")
    return redirect("desk-story", story.pk)


@require_POST
@moderators_only
@saved_or_said
def read_again(request: HttpRequest, story_id: int) -> HttpResponse:
    """Have a page read once more that could not be read."""
    story = get_object_or_404(Story, pk=story_id)
    if reread_text(story=story, by=moderator_of(request)):
        messages.success(request, "The page is read again within a minute.", extra_tags="good")
    return redirect("desk-story", story.pk)


def moderator_of(request: HttpRequest) -> User:
    """Return the moderator who asks."""
    if not isinstance(request.user, User):
        raise TypeError("moderators_only lets nobody else through")
    return request.user
