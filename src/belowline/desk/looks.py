"""The desk's log of looks at private data: who looked, at whose, at what, when. For administrators."""

from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, sites_for
from belowline.comments.ids import parse_id
from belowline.desk.doors import allowed, staff_of
from belowline.events import tags
from belowline.events.models import Event

PER_PAGE = 50
TAGS = (tags.ACCOUNT_LOOKED_AT, tags.NOTICE_LOOKED_AT)


class Look(NamedTuple):
    """One look as the page shows it."""

    at: Any
    by: User | None
    about: str
    """Whose data it was, in words."""
    about_id: int | None
    """The account that it was about; None: a notice."""
    what: str


@require_safe
@never_cache
@allowed(Action.MANAGE_PEOPLE)
def show_looks(request: HttpRequest) -> HttpResponse:
    """Show the looks, the newest first: all that one may see, or those by or at one account (?by=, ?about=)."""
    by, about = parse_id(request.GET.get("by", "")), parse_id(request.GET.get("about", ""))
    found = visible_looks(staff_of(request))
    if by is not None:
        found = found.filter(actor_id=by)
    if about is not None:
        found = found.filter(tag=tags.ACCOUNT_LOOKED_AT, subject_id=about)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    people = User.objects.in_bulk([pk for pk in (by, about) if pk is not None])
    context = {"page": page, "looks": describe(list(page)), "by": people.get(by or 0), "about": people.get(about or 0)}
    return render(request, "desk/looks.html", context)


def visible_looks(user: User) -> QuerySet[Event]:
    """Return the looks that an administrator may see: of everything, or on their sites alone."""
    found = Event.objects.filter(tag__in=TAGS).order_by("-id")
    if may(user, Action.MANAGE_PEOPLE):
        return found
    sites = sites_for(user, Action.MANAGE_PEOPLE, whole=True).values_list("pk", flat=True)
    return found.filter(Q(site_id__in=list(sites)))


def describe(events: list[Event]) -> list[Look]:
    """Return the events in words, in two queries at most."""
    ids = {event.actor_id for event in events if event.actor_id}
    ids |= {event.subject_id for event in events if event.tag == tags.ACCOUNT_LOOKED_AT}
    people = User.objects.in_bulk(ids)
    return [_look(event, people) for event in events]


def _look(event: Event, people: dict[int, User]) -> Look:
    by = people.get(event.actor_id or 0)
    if event.tag == tags.NOTICE_LOOKED_AT:
        return Look(event.created_at, by, f"whoever sent notice {event.subject_id}", None, event.data["what"])
    person = people.get(event.subject_id)
    return Look(event.created_at, by, person.display_name if person else "", event.subject_id, event.data["what"])
