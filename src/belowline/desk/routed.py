"""The desk's pages for the newsroom and for corrections: what was routed there, and what is done with it."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.doors import seen_by, staff_of
from belowline.desk.views import moderators_only, saved_or_said
from belowline.engine.policy import DESKS
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.keep_message import keep_message
from belowline.moderation.actions.mark_handled import mark_handled
from belowline.moderation.desks import MODERATORS, held_at, latest_handled, listed_at
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalation_models import Referral
from belowline.moderation.models import Decision
from belowline.moderation.queries import latest_by, with_history

LENGTH = 50
TITLES = {"newsroom": "Newsroom", "corrections": "Corrections"}


@require_safe
@never_cache
@moderators_only
def show_newsroom(request: HttpRequest) -> HttpResponse:
    """Show the messages to the newsroom."""
    return _show(request, "newsroom")


@require_safe
@never_cache
@moderators_only
def show_corrections(request: HttpRequest) -> HttpResponse:
    """Show the comments that may point out a mistake."""
    return _show(request, "corrections")


def _show(request: HttpRequest, desk: str) -> HttpResponse:
    user = staff_of(request)
    held, listed = seen_by(user, held_at(desk)), seen_by(user, listed_at(desk))
    context: dict[str, Any] = {
        "desk": desk,
        "url_name": f"desk-{desk}",
        "title": TITLES[desk],
        "total": held.count() + listed.count(),
        "held": _with_senders(held, desk)[:LENGTH],
        "listed": _with_senders(listed, desk)[:LENGTH],
        "handled": latest_handled(desk),
        "latest": latest_by(user, limit=1),
    }
    return render(request, "desk/routed.html", context)


def _with_senders(comments: QuerySet[Comment], desk: str) -> QuerySet[Comment]:
    """Return the comments with their history, and `sent`: who sent them here by hand, the newest first."""
    sent = Referral.objects.filter(desk=desk).select_related("sent_by").order_by("-pk")
    return with_history(comments).prefetch_related(Prefetch("referrals", queryset=sent, to_attr="sent"))


@require_POST
@moderators_only
@saved_or_said
def answer(request: HttpRequest, desk: str, comment_id: int) -> HttpResponse:
    """Publish a message under its article after all, or keep it as a message."""
    comment = _comment(desk, comment_id)
    last_seen = parse_id(request.POST.get("last_seen", ""))
    moderator = staff_of(request)
    try:
        if request.POST.get("outcome") == "publish":
            publish = Decision.Outcome.PUBLISH
            decide_comment(comment=comment, moderator=moderator, outcome=publish, last_seen=last_seen)
            done = "Published under the article"
        else:
            keep_message(comment=comment, moderator=moderator, last_seen=last_seen)
            done = "Kept as a message, and the author is told"
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(request, f"{done}: the comment by {comment.author.display_name}.", extra_tags="good")
    return redirect(f"desk-{desk}")


@require_POST
@moderators_only
@saved_or_said
def handle(request: HttpRequest, desk: str, comment_id: int) -> HttpResponse:
    """Take a published comment off the list."""
    comment = _comment(desk, comment_id)
    try:
        mark_handled(comment=comment, desk=desk, by=staff_of(request))
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(request, f"Seen to: the comment by {comment.author.display_name}.", extra_tags="good")
    return redirect(f"desk-{desk}")


def _comment(desk: str, comment_id: int) -> Comment:
    """Return the comment; there is no page for other desks."""
    if desk not in DESKS or desk == MODERATORS:
        raise Http404
    return get_object_or_404(Comment.objects.select_related("author"), pk=comment_id)
