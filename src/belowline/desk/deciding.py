"""What a moderator decides on a card: publish, pick, reject, hold, remove, restore; and undo.

A page's script asks for JSON, and shows the next card meanwhile; a form without a script gets the next page.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from belowline.accounts.models import User
from belowline.comments.actions.pick_comment import pick_comment
from belowline.comments.errors import CuratingError
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.card import card_context
from belowline.desk.doors import staff_of
from belowline.desk.message_templates import note_of
from belowline.desk.queue import Asked, any_held, read_asked, seen
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.hold_comment import hold_comment
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.claims import check_claim
from belowline.moderation.errors import DecidingError
from belowline.moderation.excerpts import find_excerpt
from belowline.moderation.models import Decision
from belowline.moderation.queries import with_history
from belowline.moderation.queue_order import viewed

DONE = {
    "publish": "Published",
    "pick": "Published and picked",
    "reject": "Rejected",
    "hold": "Held",
    "remove": "Removed",
    "restore": "Restored",
}
CONFLICTS = frozenset(
    {"not_waiting", "not_published", "not_rejected", "claimed", "cannot_undo", "under_appeal", "text_erased"}
)
"""Codes of what somebody else did meanwhile."""
CONFLICT, INCOMPLETE = 409, 422


class Form(NamedTuple):
    """What the card's form says."""

    outcome: str
    rule: str
    note_to_author: str
    excerpt: str
    excerpt_start: int | None
    last_seen: int | None


def read_form(request: HttpRequest, comment: Comment) -> Form:
    """Read the card's form; `outcome` may name the rule with it: `reject:spam`."""
    post = request.POST
    outcome, _, rule = post.get("outcome", "").partition(":")
    return Form(
        outcome=outcome,
        rule=rule or post.get("rule", ""),
        note_to_author=note_of(request, comment),
        excerpt=post.get("excerpt", "").replace("\x00", "").replace("\r\n", "\n"),
        excerpt_start=parse_id(post.get("excerpt_start", "")),
        last_seen=parse_id(post.get("last_seen", "")),
    )


@require_POST
@moderators_only
@saved_or_said
def decide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Do what the form says, then lead to the next comment; an error comes back with all that was typed."""
    comment = get_object_or_404(Comment.objects.select_related("author"), pk=comment_id)
    form, asked, moderator = read_form(request, comment), read_asked(request.GET), staff_of(request)
    try:
        if form.outcome not in ACTIONS:
            raise DecidingError("Choose what to do with the comment.", code="rule_required")
        check_claim(comment, moderator)
        decision = ACTIONS[form.outcome](comment, moderator, form)
    except (DecidingError, CuratingError) as error:
        return _refused(request, comment, error, form)
    said = f"{DONE[form.outcome]}: the comment by {comment.author.display_name}."
    if _wants_json(request):
        return JsonResponse(_answer(said, decision, asked, moderator))
    messages.success(request, said, extra_tags="good")
    if request.POST.get("stays"):
        return redirect("desk-comment", comment_id)
    return redirect(_address(asked, parse_id(request.POST.get("next", ""))))


def _publish(comment: Comment, moderator: User, form: Form) -> Decision:
    if comment.status in {Comment.Status.REJECTED, Comment.Status.REMOVED}:
        # Whoever saw it held must not publish what a colleague has rejected meanwhile.
        return publish_comment(comment=comment, moderator=moderator, last_seen=form.last_seen or 0)
    return decide_comment(
        comment=comment,
        moderator=moderator,
        outcome=Decision.Outcome.PUBLISH,
        last_seen=form.last_seen,
        note_to_author=form.note_to_author,
    )


def _pick(comment: Comment, moderator: User, form: Form) -> Decision | None:
    """Publish a comment where it is not yet, and pick it: both or neither."""
    with transaction.atomic():
        decision = None if comment.is_public else _publish(comment, moderator, form)
        pick_comment(comment=comment, by=moderator)
    return decision


def _reject(comment: Comment, moderator: User, form: Form) -> Decision:
    return decide_comment(
        comment=comment,
        moderator=moderator,
        outcome=Decision.Outcome.REJECT,
        rule=form.rule,
        last_seen=form.last_seen,
        note_to_author=form.note_to_author,
        excerpt=find_excerpt(comment.text_source, form.excerpt, form.excerpt_start),
    )


def _remove(comment: Comment, moderator: User, form: Form) -> Decision:
    return remove_comment(
        comment=comment,
        moderator=moderator,
        rule=form.rule,
        last_seen=form.last_seen,
        note_to_author=form.note_to_author,
        excerpt=find_excerpt(comment.text_source, form.excerpt, form.excerpt_start),
    )


def _hold(comment: Comment, moderator: User, form: Form) -> Decision:
    return hold_comment(comment=comment, moderator=moderator, rule=form.rule, last_seen=form.last_seen)


ACTIONS: dict[str, Callable[[Comment, User, Form], Decision | None]] = {
    "publish": _publish,
    "pick": _pick,
    "reject": _reject,
    "remove": _remove,
    "hold": _hold,
    "restore": _publish,
}


@require_POST
@moderators_only
@saved_or_said
def undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take a decision back and show the comment again."""
    decision = get_object_or_404(Decision, pk=decision_id)
    asked = read_asked(request.GET)
    try:
        restored = undo_decision(decision=decision, moderator=staff_of(request))
    except DecidingError as error:
        if _wants_json(request):
            return JsonResponse({"said": error.message, "comment": decision.comment_id}, status=CONFLICT)
        messages.error(request, error.message, extra_tags="bad")
        return redirect(_address(asked, decision.comment_id))
    is_public = restored.outcome == Decision.Outcome.PUBLISH
    said = f"Taken back: the comment {'is published' if is_public else 'waits'} again."
    if _wants_json(request):
        waiting = seen(staff_of(request), viewed(asked.view, asked.narrowed)).count()
        told = {"said": said, "comment": decision.comment_id, "waits": not is_public, "waiting": waiting}
        return JsonResponse(told)
    messages.success(request, said, extra_tags="good")
    if request.POST.get("stays"):
        return redirect("desk-comment", decision.comment_id)
    return redirect(_address(asked, decision.comment_id))


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _answer(said: str, decision: Decision | None, asked: Asked, moderator: User) -> dict[str, Any]:
    return {
        "said": said,
        "undo": f"{reverse('undo', args=[decision.pk])}?{asked.query}".rstrip("?") if decision else "",
        "waiting": seen(moderator, viewed(asked.view, asked.narrowed)).count(),
    }


def _refused(request: HttpRequest, comment: Comment, error: DecidingError | CuratingError, form: Form) -> HttpResponse:
    """Say what stands against it; nothing typed is lost."""
    status = CONFLICT if error.code in CONFLICTS else INCOMPLETE
    if _wants_json(request):
        return JsonResponse({"said": error.message, "comment": comment.pk}, status=status)
    moderator = staff_of(request)
    fresh = with_history(Comment.objects.filter(pk=comment.pk)).get()
    entry = any_held().filter(comment=fresh).select_related("claimed_by").first()
    context = card_context(fresh, entry, moderator) | {"problem": error.message, "typed": form, "stays": True}
    return render(request, "desk/comment.html", context, status=status)


def _address(asked: Asked, comment_id: int | None) -> str:
    query = "&".join(part for part in (asked.query, f"comment={comment_id}" if comment_id else "") if part)
    return f"{reverse('desk')}?{query}" if query else reverse("desk")
