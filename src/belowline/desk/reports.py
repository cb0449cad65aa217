"""The desk's page of reports by readers: one comment at a time with all that was said of it, to keep or to remove."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.card import author_record, choices, earlier_versions
from belowline.desk.doors import seen_by, staff_of
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.actions.reopen_reports import reopen_reports
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError, ReportError
from belowline.moderation.models import Report
from belowline.moderation.queries import latest_by
from belowline.moderation.reports import latest_kept, reported_comments

QUEUE_LENGTH = 50
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
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in TYPED}
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
        if not reported_comments().filter(pk=comment_id).exists():
            # Another comment would be shown, and what was typed is not about that one.
            messages.error(request, error.message, extra_tags="bad")
            return redirect("desk-reports")
        return _page(request, comment_id, status=422, problem=error.message, typed=typed)
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
    waiting = seen_by(staff_of(request), reported_comments())
    queue = list(waiting[:QUEUE_LENGTH])
    if wanted is not None and wanted not in {comment.pk for comment in queue}:
        queue += waiting.filter(pk=wanted)
    current = next((comment for comment in queue if comment.pk == wanted), queue[0] if queue else None)
    moderator = staff_of(request)
    context = {
        "queue": queue,
        "total": waiting.count(),
        "current": current,
        "kept": latest_kept(moderator),
        "removed": [row for row in latest_by(moderator) if row.outcome == "remove"][:5],
        **(_card(current) if current else {}),
        **extra,
    }
    return render(request, "desk/reports.html", context, status=status)


def _card(comment: Comment) -> dict[str, Any]:
    reports = list(Report.objects.filter(comment=comment).select_related("reporter").order_by("created_at", "pk"))
    newest = comment.decisions.order_by("-id").first()
    return {
        "comment": comment,
        "decision": newest,
        "reports": [report for report in reports if report.state == Report.State.OPEN],
        "answered": [report for report in reports if report.state != Report.State.OPEN],
        "choices": choices(site_policy(comment.story.site), comment.decisions.filter(maker="engine").last()),
        "record": author_record(comment),
        "versions": earlier_versions(comment),
        "max_characters": MAX_NOTE_CHARACTERS,
    }
