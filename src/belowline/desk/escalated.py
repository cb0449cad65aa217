"""The desk's page of escalations: one at a time, with the comment and what is asked; to answer, decide or withdraw."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.models import User
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.doors import staff_of
from belowline.desk.one_at_a_time import comment_card, read_waiting, refused, typed_in
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.answer_escalation import answer_escalation
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.withdraw_escalation import withdraw_escalation
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalation_models import Escalation
from belowline.moderation.escalations import answered_to, escalations_of, waiting_for, why_not_answer
from belowline.moderation.models import Decision

TYPED = ("answer", "rule", "note_to_author")
DONE = {
    "answer": "Answered, and the comment waits where it did before",
    "publish": "Published",
    "reject": "Rejected",
    "remove": "Removed",
    "withdraw": "Withdrawn",
}


@require_safe
@never_cache
@moderators_only
def show_escalated(request: HttpRequest) -> HttpResponse:
    """Show what waits, the longest wait first, and one in full: the one asked for, or the first."""
    return _page(request, parse_id(request.GET.get("escalation", "")))


@require_POST
@moderators_only
@saved_or_said
def settle(request: HttpRequest, escalation_id: int) -> HttpResponse:
    """Answer it, decide about the comment, or withdraw it; what is missing comes back with all that was typed."""
    rows = Escalation.objects.select_related("comment__story__site", "comment__author")
    escalation = get_object_or_404(rows, pk=escalation_id)
    outcome, typed = request.POST.get("outcome", ""), typed_in(request, TYPED)
    try:
        _settle(escalation, staff_of(request), outcome, typed, parse_id(request.POST.get("last_seen", "")))
    except DecidingError as error:
        waits = waiting_for(staff_of(request)).filter(pk=escalation_id).exists()
        page = partial(_page, request, escalation_id, typed=typed) if waits else None
        return refused(request, error, page, elsewhere="desk-escalated")
    said = f"{DONE[outcome]}: the comment by {escalation.comment.author.display_name}."
    messages.success(request, said, extra_tags="good")
    return redirect("desk-escalated")


def _settle(escalation: Escalation, by: User, outcome: str, typed: dict[str, str], last_seen: int | None) -> None:
    """Do what was chosen; a decision about the comment ends the escalation by itself."""
    comment, note = escalation.comment, typed["note_to_author"]
    if outcome not in DONE:
        raise DecidingError("Choose to answer, or what becomes of the comment.", code="unknown_outcome")
    if outcome == "answer":
        answer_escalation(escalation=escalation, by=by, answer=typed["answer"])
    elif outcome == "withdraw":
        withdraw_escalation(escalation=escalation, by=by)
    elif outcome == "remove":
        remove_comment(comment=comment, moderator=by, rule=typed["rule"], note_to_author=note)
    else:
        decide_comment(
            comment=comment,
            moderator=by,
            outcome=Decision.Outcome(outcome),
            rule=typed["rule"],
            last_seen=last_seen,
            note_to_author=note,
        )


def _page(request: HttpRequest, wanted: int | None, *, status: int = 200, **extra: Any) -> HttpResponse:
    moderator = staff_of(request)
    waiting = read_waiting(waiting_for(moderator), wanted)
    context = {
        **waiting._asdict(),
        "answers": answered_to(moderator),
        **(_card(waiting.current, moderator) if waiting.current else {}),
        **extra,
    }
    return render(request, "desk/escalated.html", context, status=status)


def _card(escalation: Escalation, moderator: User) -> dict[str, Any]:
    comment = escalation.comment
    return {
        **comment_card(comment),
        "why_not": why_not_answer(escalation, moderator),
        "is_own": escalation.asked_by_id == moderator.pk,
        "earlier": [one for one in escalations_of(comment) if one.pk != escalation.pk],
        "is_held": comment.status == Comment.Status.HELD,
    }
