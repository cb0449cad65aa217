"""The page History: what moderators decided, one by one and at once, and the way back from it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may
from belowline.comments.ids import parse_id
from belowline.desk.batch_words import cause_words, done_words, left_words, rule_words
from belowline.desk.doors import seen_by, staff_of
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.undo_batch import undo_batch
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.batches import Batch, BatchItem
from belowline.moderation.decision_log import Asked, batch_items, read_log
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision

ITEMS_PER_PAGE = 100
ACTS = {
    "publish": "Published",
    "reject": "Rejected",
    "remove": "Removed",
    "hold": "Held",
    "escalate": "Escalated",
    "tag": "Tagged",
}


@require_safe
@never_cache
@moderators_only
def show_history(request: HttpRequest) -> HttpResponse:
    """Show what was decided, the newest first: of everybody, or as it is asked for."""
    asked = _asked(request)
    user = staff_of(request)
    decisions = seen_by(user, Decision.objects.all(), "comment__story")
    entries, is_more = read_log(decisions, seen_batches(user), asked)
    older = {"by": asked.by or "", "act": asked.act, "before": entries[-1].at.isoformat()} if is_more else {}
    context = {
        "entries": [(entry, done_words(entry.batch) if entry.batch else "") for entry in entries],
        "asked": asked,
        "people": User.objects.filter(Q(has_local_role=True) | ~Q(role=User.Role.READER)).order_by("display_name"),
        "acts": ACTS,
        "older": urlencode(older),
        "here": request.get_full_path(),
    }
    return render(request, "desk/history.html", context)


def seen_batches(user: User) -> QuerySet[Batch]:
    """Return the batches that somebody may look at: all, or their own where their role is of one place only."""
    return Batch.objects.all() if may(user, Action.SEE_DESK) else Batch.objects.filter(moderator=user)


def _asked(request: HttpRequest) -> Asked:
    """Return what is asked for; what makes no sense is as if it had not been said."""
    act = request.GET.get("act", "")
    return Asked(
        by=parse_id(request.GET.get("by", "")),
        act=act if act in ACTS else "",
        before=_moment(request.GET.get("before", "")),
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is None or timezone.is_aware(moment) else timezone.make_aware(moment)


@require_safe
@never_cache
@moderators_only
def show_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show a batch with every comment of it, and what became of each."""
    batch = get_object_or_404(seen_batches(staff_of(request)).select_related("moderator", "undone_by"), pk=batch_id)
    page = Paginator(seen_by(staff_of(request), batch_items(batch), "comment__story"), ITEMS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context: dict[str, Any] = {
        "batch": batch,
        "done": done_words(batch),
        "rule": rule_words(batch),
        "left": left_words(batch),
        "page": page,
        "items": [(item, cause_words(item.cause) if item.cause else "") for item in page],
        "here": request.get_full_path(),
        "can_undo": batch.items.filter(state=BatchItem.State.DONE).exists(),
    }
    return render(request, "desk/batch.html", context)


@require_POST
@moderators_only
@saved_or_said
def undo_all(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a batch back, and lead to where the click was."""
    batch = get_object_or_404(Batch, pk=batch_id)
    try:
        undo_batch(batch=batch, moderator=staff_of(request))
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        kept = f" {batch.kept:,} stay as they are: something came after them." if batch.kept else ""
        messages.success(request, f"Taken back: {batch.undone:,} of {batch.done:,}.{kept}", extra_tags="good")
    return redirect(_back(request) or reverse("desk-batch", args=[batch.pk]))


@require_POST
@moderators_only
@saved_or_said
def undo_one(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take one decision back, and lead to where the click was."""
    decision = get_object_or_404(Decision, pk=decision_id)
    try:
        restored = undo_decision(decision=decision, moderator=staff_of(request))
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        now = "is published" if restored.outcome == Decision.Outcome.PUBLISH else "waits"
        messages.success(request, f"Taken back: the comment {now} again.", extra_tags="good")
    return redirect(_back(request) or "desk-history")


def _back(request: HttpRequest) -> str:
    """Return the address on this server that a form leads back to; empty: it names none."""
    back = request.POST.get("back", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""
