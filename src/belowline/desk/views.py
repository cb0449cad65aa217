"""The held queue: one comment at a time with everything that helps to decide, and undo."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.models import User
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.card import card_context
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.desks import MODERATORS, held_at
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.moderation.queries import held_comments, latest_by, with_history

QUEUE_LENGTH = 50
OUTCOMES = {"publish": Decision.Outcome.PUBLISH, "reject": Decision.Outcome.REJECT}
View = Callable[..., HttpResponse]

logger = logging.getLogger(__name__)


def moderators_only(view: View) -> View:
    """Let moderators through, ask strangers to sign in, and refuse readers."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (isinstance(request.user, User) and request.user.is_moderator):
            raise PermissionDenied("only moderators see the desk")
        return view(request, *args, **kwargs)

    return checked


@require_safe
@never_cache
@moderators_only
def show_queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, and one comment in full: the one asked for, or the one that waits longest."""
    held = held_at(MODERATORS)
    queue = list(with_history(held)[:QUEUE_LENGTH])
    wanted = parse_id(request.GET.get("comment", ""))
    if wanted is not None and wanted not in {comment.pk for comment in queue}:
        queue += with_history(held_comments().filter(pk=wanted))
    current = next((comment for comment in queue if comment.pk == wanted), queue[0] if queue else None)
    context = {
        "queue": queue,
        "total": held.count(),
        "current": current,
        "latest": latest_by(_user(request)),
        **(card_context(current, queue) if current else {}),
    }
    return render(request, "desk/queue.html", context)


def saved_or_said(view: View) -> View:
    """Say so where a decision could not be saved (the disk may be full): nothing is changed then."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DatabaseError as error:
            # Only the type: the message may quote values.
            logger.error("a decision could not be saved (%s)", type(error).__name__)  # noqa: TRY400
            return render(request, "desk/not_saved.html", status=503)

    return checked


@require_POST
@moderators_only
@saved_or_said
def decide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Publish or reject, then lead to the next comment."""
    comment = get_object_or_404(Comment, pk=comment_id)
    outcome = OUTCOMES.get(request.POST.get("outcome", ""))
    try:
        if outcome is None:
            raise DecidingError("Choose to publish or to reject.", code="rule_required")
        decide_comment(
            comment=comment,
            moderator=_user(request),
            outcome=outcome,
            rule=request.POST.get("rule", ""),
            last_seen=parse_id(request.POST.get("last_seen", "")),
            note_to_author=request.POST.get("note_to_author", "").replace("\x00", ""),
        )
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
        return redirect(f"{reverse('desk')}?comment={comment_id}")
    done = "Published" if outcome == Decision.Outcome.PUBLISH else "Rejected"
    messages.success(request, f"{done}: the comment by {comment.author.display_name}.", extra_tags="good")
    following = parse_id(request.POST.get("next", ""))
    return redirect(f"{reverse('desk')}?comment={following}" if following else reverse("desk"))


@require_POST
@moderators_only
@saved_or_said
def undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take a decision back and show the comment again."""
    decision = get_object_or_404(Decision, pk=decision_id)
    try:
        restored = undo_decision(decision=decision, moderator=_user(request))
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        now = "is published" if restored.outcome == Decision.Outcome.PUBLISH else "waits"
        messages.success(request, f"Taken back: the comment {now} again.", extra_tags="good")
    return redirect(f"{reverse('desk')}?comment={decision.comment_id}")


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("moderators_only lets nobody else through")
    return request.user
