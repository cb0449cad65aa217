"""The appeals that wait: what the author contests and says, and the forms to uphold or overturn."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.card import author_record
from belowline.desk.doors import seen_by, staff_of
from belowline.desk.message_templates import note_of
from belowline.desk.one_at_a_time import Claiming, claim_shown, in_order, orders_of, read_waiting
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.decide_appeal import decide_appeal
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.appeals import open_appeals, why_not_decide
from belowline.moderation.claims import check_claim
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Appeal
from belowline.moderation.queries import with_history
from belowline.moderation.queue_entries import QueueEntry

STATES = {"uphold": Appeal.State.UPHELD, "overturn": Appeal.State.OVERTURNED}


@require_safe
@never_cache
@moderators_only
def show_appeals(request: HttpRequest) -> HttpResponse:
    """Show what waits, the oldest first, and one appeal in full."""
    return _page(request, parse_id(request.GET.get("appeal", "")))


@require_POST
@moderators_only
@saved_or_said
def settle(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Uphold or overturn, then lead to the next one; an error comes back with the reason still in the form."""
    appeal = get_object_or_404(
        Appeal.objects.select_related("decision__comment__author", "decision__comment__story__site"), pk=appeal_id
    )
    state = STATES.get(request.POST.get("state", ""))
    reason = note_of(request, appeal.decision.comment, "reason")
    moderator = staff_of(request)
    try:
        if state is None:
            raise DecidingError("Choose to uphold or to overturn.", code="reason_required")
        check_claim(appeal.decision.comment, moderator)
        decide_appeal(appeal=appeal, moderator=moderator, state=state, reason=reason)
    except DecidingError as error:
        return _page(request, appeal_id, status=422, problem=error.message, reason=reason)
    done = "The decision stands" if state == Appeal.State.UPHELD else "Published"
    name = appeal.decision.comment.author.display_name
    messages.success(request, f"{done}: {name} will be told, with your reason.", extra_tags="good")
    return redirect(reverse("appeals") + orders_of(request, "").query)


def _page(request: HttpRequest, wanted: int | None, *, status: int = 200, **extra: Any) -> HttpResponse:
    moderator, orders = staff_of(request), orders_of(request, "as they came")
    appeals = in_order(open_appeals(), orders.chosen, QueueEntry.Queue.APPEALS, "decision__comment")
    waiting = read_waiting(seen_by(moderator, appeals, "decision__comment__story"), wanted)
    claiming = Claiming[Appeal](
        QueueEntry.Queue.APPEALS,
        comment_of=lambda appeal: appeal.decision.comment_id,
        is_theirs=lambda appeal: not why_not_decide(appeal, moderator),
    )
    claim = claim_shown(waiting, moderator, wanted, claiming)
    current = claim.current
    context = {**waiting._asdict(), "current": current, "claim": claim, "orders": orders, **extra}
    if current is None or current.pk != wanted:
        context.pop("reason", None)  # written about another appeal: it must not stand under this one
    if current is not None:
        comment = with_history(Comment.objects.filter(pk=current.decision.comment_id)).get()
        context |= {
            "comment": comment,
            "record": author_record(comment),
            "why_not": why_not_decide(current, staff_of(request)),
            "max_characters": MAX_NOTE_CHARACTERS,
        }
    return render(request, "desk/appeals.html", context, status=status)
