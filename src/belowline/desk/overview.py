"""The desk's front: what had best be done next, how much waits where, who works there; all, or through a filter."""

from collections import Counter
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, within
from belowline.desk.doors import staff_of
from belowline.desk.filter_terms import facets, read_terms, term_words, terms_query
from belowline.desk.nav import entries_for
from belowline.desk.next_words import advise
from belowline.desk.queue import seen
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.delete_filter import delete_filter
from belowline.moderation.actions.save_filter import save_filter
from belowline.moderation.errors import DecidingError
from belowline.moderation.filter_models import NAME_CHARACTERS, SavedFilter
from belowline.moderation.filters import count_waiting, filters_for, terms_of
from belowline.moderation.next_best import things_to_do
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import Narrowed, narrowing
from belowline.moderation.workload import (
    ORDERS,
    URGENT,
    StoryLoad,
    in_order,
    loads_by_story,
    new_by_story,
    queue_loads,
    stories_of,
    story_loads,
)
from belowline.stories.models import Story

PER_PAGE = 25
FURTHER = 3
"""So many things are named beside the first."""
PAGES = {
    QueueEntry.Queue.HELD: "desk",
    QueueEntry.Queue.REPORTED: "desk-reports",
    QueueEntry.Queue.APPEALS: "appeals",
    QueueEntry.Queue.ESCALATED: "desk-escalated",
    QueueEntry.Queue.NEWSROOM: "desk-newsroom",
    QueueEntry.Queue.CORRECTIONS: "desk-corrections",
}
"""Where each queue is worked through."""


class Tile(NamedTuple):
    """A queue as the overview shows it."""

    title: str
    href: str
    waiting: int
    oldest: Any
    is_narrowed: bool
    """Whether its page shows the filter's part of it, too."""


class Chip(NamedTuple):
    """A saved filter as the overview shows it."""

    saved: SavedFilter
    query: str
    waiting: int
    words: str
    is_here: bool
    is_own: bool
    may_delete: bool


@require_safe
@never_cache
@moderators_only
def show_overview(request: HttpRequest) -> HttpResponse:
    """Show everything, or what ?site, ?section, ?language, ?story and ?rule let through, the stories by ?order."""
    return render(request, "desk/overview.html", overview(staff_of(request), request.GET))


def overview(moderator: User, query: QueryDict) -> dict[str, Any]:
    """Return the template's context."""
    now, terms = timezone.now(), read_terms(query)
    entries = seen(moderator, QueueEntry.objects.all()).filter(narrowing(terms))
    order = query.get("order", "")
    order = order if order in ORDERS else URGENT
    things = [advise(thing) for thing in things_to_do(moderator, entries, now)[: 1 + FURTHER]]
    rows, page = _stories(moderator, terms, order, query.get("page"))
    return {
        "terms": terms,
        "is_narrowed": any(terms),
        "said": term_words(terms),
        "query": terms_query(terms),
        "facets": facets(terms, moderator),
        "first": things[0] if things else None,
        "further": things[1:],
        "tiles": _tiles(moderator, terms),
        "chips": _chips(moderator, terms),
        "rows": rows,
        "page": page,
        "order": order,
        "orders": ORDERS.items(),
        "name_characters": NAME_CHARACTERS,
        "now": now,
    }


def _tiles(moderator: User, terms: Narrowed) -> list[Tile]:
    """Return the queues, those without a page of their own left out."""
    found = queue_loads(seen(moderator, QueueEntry.objects.all()).filter(narrowing(terms)))
    query, pages = terms_query(terms), {entry.url_name for entry in entries_for(moderator)}
    return [
        Tile(
            title=QueueEntry.Queue(load.queue).label,
            href=reverse(PAGES[QueueEntry.Queue(load.queue)]) + (f"?{query}" if query and load.queue == "held" else ""),
            waiting=load.waiting,
            oldest=load.oldest,
            is_narrowed=load.queue == QueueEntry.Queue.HELD,
        )
        for load in found
        if PAGES[QueueEntry.Queue(load.queue)] in pages
    ]


def _chips(moderator: User, terms: Narrowed) -> list[Chip]:
    saved = list(filters_for(moderator))
    parts = [terms_of(one) for one in saved]
    counts = count_waiting(parts, seen(moderator, QueueEntry.objects.all()))
    is_admin = may(moderator, Action.MANAGE_PEOPLE)
    return [
        Chip(one, terms_query(part), count, term_words(part), part == terms, is_own, is_own or is_admin)
        for one, part, count in zip(saved, parts, counts, strict=True)
        for is_own in [one.owner_id == moderator.pk]
    ]


def _stories(moderator: User, terms: Narrowed, order: str, wanted: str | None) -> tuple[list[StoryLoad], Any]:
    """Return a page of the stories where something waits or, where the filter speaks of places alone, is new."""
    now = timezone.now()
    loads = loads_by_story(seen(moderator, QueueEntry.objects.all()).filter(narrowing(terms)))
    new = new_by_story(_seen_stories(moderator, stories_of(terms)), now)
    quiet: Counter[int] = Counter() if terms.language or terms.rule else new
    page = Paginator(in_order(loads, quiet, order), PER_PAGE).get_page(wanted)
    return story_loads(page, loads, new, now), page


def _seen_stories(user: User, stories: QuerySet[Story] | None) -> QuerySet[Story] | None:
    """Return the stories that somebody may see; None: all, of all sites."""
    if stories is None and may(user, Action.SEE_DESK):
        return None
    rows = Story.objects.all() if stories is None else stories
    return within(user, Action.SEE_DESK, rows, site="site", section="section")


@require_POST
@moderators_only
@saved_or_said
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keep what the address lets through under a name; what is wrong comes back as typed."""
    moderator, terms = staff_of(request), read_terms(request.POST)
    name, is_shared = request.POST.get("name", ""), request.POST.get("is_shared") == "on"
    try:
        saved = save_filter(owner=moderator, name=name, terms=terms, is_shared=is_shared)
    except DecidingError as error:
        context = overview(moderator, request.POST) | {"name": name, "is_shared": is_shared, "problem": error.message}
        return render(request, "desk/overview.html", context, status=422)
    messages.success(request, f"Kept: {saved.name}.", extra_tags="good")
    return redirect(f"{reverse('desk-overview')}?{terms_query(terms)}")


@require_POST
@moderators_only
@saved_or_said
def drop_filter(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Delete a saved filter."""
    saved = get_object_or_404(SavedFilter, pk=filter_id)
    delete_filter(saved=saved, by=staff_of(request))
    messages.success(request, f"Deleted: {saved.name}.", extra_tags="good")
    return redirect("desk-overview")
