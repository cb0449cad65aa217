"""The desk's page of handover notes: what the next shift should know, with what waits beside it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, require_somewhere, sites_for
from belowline.comments.ids import parse_id
from belowline.desk.doors import allowed, seen_by, staff_of
from belowline.desk.nav import entries_for, waiting_counts
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.close_handover import close_handover
from belowline.moderation.actions.reopen_handover import reopen_handover
from belowline.moderation.actions.write_handover import MAX_CHARACTERS, write_handover
from belowline.moderation.errors import HandoverError
from belowline.moderation.handover import Handover, handovers_for, open_handovers
from belowline.moderation.models import Decision
from belowline.stories.models import Site

SHIFT = timedelta(hours=12)
"""Of which the page says what was done."""
EARLIER = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@moderators_only
@saved_or_said
def show_handover(request: HttpRequest) -> HttpResponse:
    """Show the notes that stand and the earlier ones, and keep a new one; what is wrong comes back as typed."""
    if request.method != "POST":
        return _page(request)
    user, text = staff_of(request), request.POST.get("text", "")
    require_somewhere(user, Action.WRITE_HANDOVER)
    site_id = parse_id(request.POST.get("site", ""))
    site = get_object_or_404(Site, pk=site_id) if site_id else None
    try:
        write_handover(by=user, text_source=text, site=site)
    except HandoverError as error:
        return _page(request, status=422, problem=error.message, text=text, chosen=site)
    messages.success(request, "Kept: the note stands at the desk until somebody ticks it off.", extra_tags="good")
    return redirect("desk-handover")


@require_POST
@allowed(Action.WRITE_HANDOVER)
@saved_or_said
def close(request: HttpRequest, note_id: int) -> HttpResponse:
    """Tick a note off."""
    return _turn(request, note_id, is_closed=True)


@require_POST
@allowed(Action.WRITE_HANDOVER)
@saved_or_said
def reopen(request: HttpRequest, note_id: int) -> HttpResponse:
    """Let a note stand again."""
    return _turn(request, note_id, is_closed=False)


def _turn(request: HttpRequest, note_id: int, *, is_closed: bool) -> HttpResponse:
    note, turn = get_object_or_404(Handover, pk=note_id), close_handover if is_closed else reopen_handover
    try:
        turn(note=note, by=staff_of(request))
    except HandoverError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        said = "Ticked off. Below you can open it again." if is_closed else "The note stands again."
        messages.success(request, said, extra_tags="good")
    return redirect("desk-handover")


def _page(request: HttpRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    user = staff_of(request)
    counts = waiting_counts(user)
    context = {
        "notes": open_handovers(user),
        "earlier": handovers_for(user).filter(closed_at__isnull=False)[:EARLIER],
        "sites": sites_for(user, Action.WRITE_HANDOVER),
        "may_write_everywhere": may(user, Action.WRITE_HANDOVER),
        "waiting": [(entry, counts[entry.url_name]) for entry in entries_for(user) if counts.get(entry.url_name)],
        "done": decided_since(user),
        "max_characters": MAX_CHARACTERS,
        **extra,
    }
    return render(request, "desk/handover.html", context, status=status)


def decided_since(user: User) -> int:
    """Return how many decisions people took in the last shift, where this one sees the desk."""
    since = timezone.now() - SHIFT
    rows = Decision.objects.filter(maker=Decision.Maker.PERSON, undoes=None, created_at__gte=since)
    return seen_by(user, rows, "comment__story").count()
