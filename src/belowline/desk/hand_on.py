"""A comment is handed on: to somebody senior, to a colleague, or to another desk; a page, and forms on every card."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.doors import staff_of
from belowline.desk.one_at_a_time import typed_in
from belowline.desk.views import moderators_only, saved_or_said
from belowline.engine.policy import DESKS
from belowline.moderation.actions.escalate_comment import escalate_comment
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.actions.refer_comment import refer_comment
from belowline.moderation.desks import MODERATORS
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalations import answerers, colleagues, escalations_of

TYPED = ("to", "note")
SENIORS = "seniors"
"""What the form calls whoever answers escalations."""
DESK_TITLES = {"newsroom": "The newsroom’s desk", "corrections": "The corrections desk"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@moderators_only
@saved_or_said
def hand_on(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the form, and receive it; what is wrong comes back with all that was typed."""
    comment = get_object_or_404(
        Comment.objects.select_related("story__site", "author", "parent__author"), pk=comment_id
    )
    moderator = staff_of(request)
    require(moderator, Action.ESCALATE, site=comment.story.site_id, section=comment.story.section)
    if request.method != "POST":
        return _page(request, comment, moderator)
    typed = typed_in(request, TYPED)
    try:
        said = hand_comment_on(comment, moderator, typed, parse_id(request.POST.get("last_seen", "")))
    except DecidingError as error:
        return _page(request, comment, moderator, status=422, problem=error.message, typed=typed)
    messages.success(request, said, extra_tags="good")
    return redirect(way_back(request))


def hand_comment_on(comment: Comment, by: User, typed: dict[str, str], last_seen: int | None) -> str:
    """Escalate the comment, ask the chosen colleague, or send it to the chosen desk; return what to say.

    Raises:
        DecidingError: as `escalate_comment` and `refer_comment`; `unknown_desk` where nothing was chosen.
    """
    to, note = typed["to"], typed["note"]
    if to == SENIORS:
        escalate_comment(comment=comment, by=by, note=note)
        return "Escalated: it waits for somebody senior."
    if to in DESK_TITLES:
        refer_comment(comment=comment, desk=to, by=by, note=note, last_seen=last_seen)
        return f"Sent on: it waits at {DESK_TITLES[to].lower()} now."
    colleague = User.objects.filter(pk=parse_id(to) or 0).first()
    if colleague is None:
        raise DecidingError("Choose to whom it goes.", code="unknown_desk")
    escalate_comment(comment=comment, by=by, note=note, colleague=colleague)
    return f"Asked: {colleague.display_name} sees it under Escalated, and gets a mail."


def hand_on_context(comment: Comment, moderator: User) -> dict[str, Any]:
    """Return what the form shows: to whom a comment may be handed on, and what was asked about it before."""
    return {
        "comment": comment,
        "seniors": answerers(comment, moderator),
        "colleagues": colleagues(comment, moderator),
        "desks": [(desk, DESK_TITLES[desk]) for desk in DESKS if desk != MODERATORS],
        "asked": escalations_of(comment),
        "max_characters": MAX_NOTE_CHARACTERS,
    }


def way_back(request: HttpRequest) -> str:
    """Return the page of ours that the form came from, or the desk."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else reverse("desk")


def _page(request: HttpRequest, comment: Comment, moderator: User, *, status: int = 200, **extra: Any) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    decision = comment.decisions.order_by("-id").first()
    context = hand_on_context(comment, moderator) | {"decision": decision, "back": given.get("back", ""), **extra}
    return render(request, "desk/hand_on.html", context, status=status)
