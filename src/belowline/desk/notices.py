"""The desk's page of notices of illegal content: one at a time, with the comment, to accept or to decline."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.actions.log_look import log_look
from belowline.comments.ids import parse_id
from belowline.desk.doors import seen_by, staff_of
from belowline.desk.one_at_a_time import comment_card, read_waiting, refused, typed_in
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.decide_notice import decide_notice
from belowline.moderation.errors import DecidingError, NoticeError
from belowline.moderation.models import Notice
from belowline.moderation.notices import BY_CODE, category_title, is_waiting, waiting_notices

TYPED = ("rule", "legal_ground", "note_to_author", "reason")


@require_safe
@never_cache
@moderators_only
def show_notices(request: HttpRequest) -> HttpResponse:
    """Show what waits, and one notice in full: the one asked for, or the oldest."""
    return _page(request, parse_id(request.GET.get("notice", "")))


@require_POST
@moderators_only
@saved_or_said
def decide(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Accept or decline; what is missing comes back with all that was typed."""
    notice = get_object_or_404(Notice, pk=notice_id)
    outcome = request.POST.get("outcome", "")
    typed = typed_in(request, TYPED)
    try:
        if outcome not in {"accept", "decline"}:
            raise NoticeError("Choose to accept or to decline.", code="notice_reason_required")
        decided = decide_notice(notice=notice, moderator=staff_of(request), accept=outcome == "accept", **typed)
    except (NoticeError, DecidingError) as error:
        page = partial(_page, request, notice_id, typed=typed) if is_waiting(notice) else None
        return refused(request, error, page, elsewhere="desk-notices")
    messages.success(request, f"{_done(decided)} The person who sent the notice is told.", extra_tags="good")
    return redirect("desk-notices")


@require_POST
@never_cache
@moderators_only
@saved_or_said
def show_sender(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show a notice with the name and the address of whoever sent it; the look is logged first."""
    notice = get_object_or_404(Notice.objects.select_related("comment__story"), pk=notice_id)
    story = notice.comment.story
    log_look(by=staff_of(request), about=notice, what="name and address", site=story.site_id, section=story.section)
    return _page(request, notice_id, shows_sender=is_waiting(notice))


def _done(notice: Notice) -> str:
    if notice.state == Notice.State.DECLINED:
        return "Declined: the comment stays."
    if notice.result is None:
        return "Accepted: the comment was gone already."
    return "Accepted: the comment was removed. Under Held you can take that back."


def _page(request: HttpRequest, wanted: int | None, *, status: int = 200, **extra: Any) -> HttpResponse:
    waiting = read_waiting(seen_by(staff_of(request), waiting_notices(), "comment__story"), wanted)
    current = waiting.current
    context = {
        **waiting._asdict(),
        "queue": [(notice, category_title(notice.category)) for notice in waiting.queue],
        "action": reverse("decide-notice", args=[current.pk]) if current else "",
        **(_card(current) if current else {}),
        **extra,
    }
    return render(request, "desk/notices.html", context, status=status)


def _card(notice: Notice) -> dict[str, Any]:
    comment = notice.comment
    known = BY_CODE.get(notice.category)
    return {
        **comment_card(comment),
        "category": category_title(notice.category),
        "is_urgent": known is not None and not known.needs_name,
        "others": waiting_notices().filter(comment=comment).exclude(pk=notice.pk).count(),
        "was_taken_back": notice.state == Notice.State.ACCEPTED,
    }
