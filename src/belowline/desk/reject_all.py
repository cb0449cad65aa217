"""A moderator rejects all that a commenter wrote: the page says first how much it is, and takes it back as a whole."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, sites_for
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.doors import allowed, staff_of
from belowline.desk.views import saved_or_said
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.actions.reject_all_by import comments_by, reject_all_by
from belowline.moderation.actions.restore_all_by import restore_all_by
from belowline.moderation.batches import Batch
from belowline.moderation.errors import DecidingError
from belowline.moderation.message_templates import offers_for, text_for
from belowline.moderation.models import Decision
from belowline.moderation.sanctions import home_site, rules_for
from belowline.stories.models import Site

SPANS: Mapping[str, tuple[str, timedelta | None]] = {
    "day": ("of the last 24 hours", timedelta(days=1)),
    "week": ("of the last 7 days", timedelta(days=7)),
    "month": ("of the last 30 days", timedelta(days=30)),
    "all": ("ever written", None),
}
SENT = ("span", "rule", "note_to_author", "as_of", "template")


class Span(NamedTuple):
    """How far back, and how many comments that is."""

    value: str
    words: str
    waiting: int
    published: int


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@allowed(Action.DECIDE_BATCH)
@saved_or_said
def reject_all(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show how many comments it would be, and do it; what is missing comes back with all that was typed."""
    author = get_object_or_404(User, pk=user_id)
    site = _site(request, author)
    if request.method != "POST":
        return _page(request, author, site, {})
    typed = {name: request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n") for name in SENT}
    typed["with_published"] = "yes" if "with_published" in request.POST else ""
    span = SPANS.get(typed["span"])
    try:
        if span is None:
            raise DecidingError("Choose how far back.", code="nothing_chosen")
        note = typed["note_to_author"]
        batch = reject_all_by(
            author=author,
            moderator=staff_of(request),
            site=site,
            rule=typed["rule"],
            note_to_author=note if note.strip() else text_for(parse_id(typed["template"]), author, site),
            since=_since(span[1]),
            with_published=bool(typed["with_published"]),
            as_of=parse_id(typed["as_of"]) or 0,
        )
    except DecidingError as error:
        return _page(request, author, site, typed, status=422, problem=error.message)
    messages.success(request, _said(batch, "rejected or removed"), extra_tags="good")
    return redirect(f"{reverse('desk-commenter', args=[author.pk])}#comments")


@require_POST
@allowed(Action.DECIDE_BATCH)
@saved_or_said
def restore_all(request: HttpRequest, user_id: int, batch_id: int) -> HttpResponse:
    """Take it back as a whole."""
    author, batch = get_object_or_404(User, pk=user_id), get_object_or_404(Batch, pk=batch_id)
    try:
        done = restore_all_by(author=author, batch=batch, moderator=staff_of(request))
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        kept = f" {done.kept:,} stay: something came after." if done.kept else ""
        messages.success(request, f"Taken back: {done.undone:,} comments.{kept}", extra_tags="good")
    return redirect(f"{reverse('desk-commenter', args=[author.pk])}#comments")


def _page(
    request: HttpRequest, author: User, site: Site, typed: dict[str, str], *, status: int = 200, **extra: Any
) -> HttpResponse:
    moderator = staff_of(request)
    context = {
        "commenter": author,
        "place": site,
        "sites": list(sites_for(moderator, Action.DECIDE_BATCH)),
        "spans": _spans(author, moderator, site),
        "rules": [(code, rule.title) for code, rule in rules_for(site).items()],
        "offers": offers_for(author, site),
        "as_of": Decision.objects.order_by("-id").values_list("pk", flat=True).first() or 0,
        "max_characters": MAX_NOTE_CHARACTERS,
        "typed": {"span": "day"} | typed,
        **extra,
    }
    return render(request, "desk/reject_all.html", context, status=status)


def _spans(author: User, moderator: User, site: Site) -> list[Span]:
    found = []
    for value, (words, length) in SPANS.items():
        rows = comments_by(
            author=author, moderator=moderator, site=site, since=_since(length), with_published=True
        ).values_list("status", flat=True)
        statuses = list(rows)
        waiting = statuses.count(Comment.Status.HELD)
        found.append(Span(value, words, waiting, len(statuses) - waiting))
    return found


def _since(length: timedelta | None) -> datetime | None:
    return None if length is None else timezone.now() - length


def _site(request: HttpRequest, author: User) -> Site:
    asked = Site.objects.filter(key=request.POST.get("site", "") or request.GET.get("site", "")).first()
    site = asked or home_site(author)
    if site is None:
        raise Http404("there is no site yet")
    return site


def _said(batch: Batch, done: str) -> str:
    skipped = f" {batch.skipped:,} were left as they are." if batch.skipped else ""
    return f"{batch.done:,} comments {done}.{skipped}"
