"""The desk's page of reports by readers: one comment at a time with all that was said of it, to keep or to remove."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.doors import seen_by, staff_of
from belowline.desk.one_at_a_time import comment_card, read_waiting, refused, typed_in
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.actions.reopen_reports import reopen_reports
from belowline.moderation.errors import DecidingError, ReportError
from belowline.moderation.models import Report
from belowline.moderation.queries import latest_by
from belowline.moderation.reports import latest_kept, reported_comments

TYPED = ("rule", "note_to_author")


@require_safe
@never_cache
@moderators_only
def show_reports(request: HttpRequest) -> HttpResponse:
    """Show what was reported, and one comment in full: the one asked for, or the one that waits longest."""
    return _page(request, parse_id(request.GET.get("comment", "")))


@require_POST
@moderators_only
@saved_or_said
def decide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Keep the comment or remove it; what is missing comes back with all that was typed."""
    comment = get_object_or_404(Comment, pk=comment_id)
    outcome = request.POST.get("outcome", "")
    typed = typed_in(request, TYPED)
    try:
        if outcome not in {"keep", "remove"}:
            raise ReportError("Choose to keep the comment or to remove it.", code="report_error")
        decide_reports(
            comment=comment,
            moderator=staff_of(request),
            accept=outcome == "remove",
            last_seen=parse_id(request.POST.get("last_seen", "")),
            **typed,
        )
    except (ReportError, DecidingError) as error:
        waits = reported_comments().filter(pk=comment_id).exists()
        page = partial(_page, request, comment_id, typed=typed) if waits else None
        return refused(request, error, page, elsewhere="desk-reports")
    done = "Kept" if outcome == "keep" else "Removed"
    said = f"{done}: the comment by {comment.author.display_name}. Whoever reported it is told."
    messages.success(request, said, extra_tags="good")
    return redirect("desk-reports")


@require_POST
@moderators_only
@saved_or_said
def reopen(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take back that a comment was kept: its reports wait again."""
    comment = get_object_or_404(Comment, pk=comment_id)
    try:
        reopen_reports(comment=comment, moderator=staff_of(request))
    except ReportError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(request, "Taken back: the reports wait again.", extra_tags="good")
    return redirect("desk-reports")


def _page(request: HttpRequest, wanted: int | None, *, status: int = 200, **extra: Any) -> HttpResponse:
    moderator = staff_of(request)
    waiting = read_waiting(seen_by(moderator, reported_comments()), wanted)
    context = {
        **waiting._asdict(),
        "kept": latest_kept(moderator),
        "removed": [row for row in latest_by(moderator) if row.outcome == "remove"][:5],
        **(_card(waiting.current) if waiting.current else {}),
        **extra,
    }
    return render(request, "desk/reports.html", context, status=status)


def _card(comment: Comment) -> dict[str, Any]:
    reports = list(Report.objects.filter(comment=comment).select_related("reporter").order_by("created_at", "pk"))
    return {
        **comment_card(comment),
        "reports": [report for report in reports if report.state == Report.State.OPEN],
        "answered": [report for report in reports if report.state != Report.State.OPEN],
    }
