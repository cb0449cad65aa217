"""The desk's page of reports by readers: one comment at a time with all that was said of it, to keep or to remove."""

from functools import partial
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.doors import seen_by, staff_of
from belowline.desk.message_templates import note_of
from belowline.desk.one_at_a_time import (
    Claiming,
    claim_shown,
    comment_card,
    in_order,
    orders_of,
    read_waiting,
    refused,
    typed_in,
)
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.actions.mute_reporter import DAYS, REASON_CHARACTERS
from belowline.moderation.actions.reopen_reports import reopen_reports
from belowline.moderation.claims import check_claim
from belowline.moderation.errors import DecidingError, ReportError
from belowline.moderation.impartial import why_own
from belowline.moderation.models import Report
from belowline.moderation.queries import latest_by
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.report_models import ReporterMute
from belowline.moderation.reporters import ReporterRecord, records_of
from belowline.moderation.reports import latest_kept, quiet_comments, reported_comments

QUIET_LENGTH = 20
TYPED = ("rule", "note_to_author")


class ReportRow(NamedTuple):
    """A report as the card shows it."""

    report: Report
    record: ReporterRecord
    is_before_edit: bool
    """Whether it was about another text."""


@require_safe
@never_cache
@moderators_only
def show_reports(request: HttpRequest) -> HttpResponse:
    """Show what was reported, and one comment in full: the one asked for, or the one that waits longest."""
    return reports_page(request, parse_id(request.GET.get("comment", "")))


@require_POST
@moderators_only
@saved_or_said
def decide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Keep the comment or remove it; what is missing comes back with all that was typed."""
    comment = get_object_or_404(Comment.objects.select_related("author", "story__site"), pk=comment_id)
    outcome = request.POST.get("outcome", "")
    typed = typed_in(request, TYPED)
    if outcome == "remove":  # a template says why something was removed: with what stays it has no place
        typed["note_to_author"] = note_of(request, comment)
    try:
        if outcome not in {"keep", "remove"}:
            raise ReportError("Choose to keep the comment or to remove it.", code="report_error")
        check_claim(comment, staff_of(request))
        decide_reports(
            comment=comment,
            moderator=staff_of(request),
            accept=outcome == "remove",
            last_seen=parse_id(request.POST.get("last_seen", "")),
            **typed,
        )
    except (ReportError, DecidingError) as error:
        waits = any(rows.filter(pk=comment_id).exists() for rows in (reported_comments(), quiet_comments()))
        page = partial(reports_page, request, comment_id, typed=typed) if waits else None
        return refused(request, error, page, elsewhere="desk-reports")
    done = "Kept" if outcome == "keep" else "Removed"
    said = f"{done}: the comment by {comment.author.display_name}. Whoever reported it is told."
    messages.success(request, said, extra_tags="good")
    return redirect(reverse("desk-reports") + orders_of(request, "").query)


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


def reports_page(request: HttpRequest, wanted: int | None, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Show what waits, with the comment `wanted` in full, or the first one; `extra` goes to the template."""
    moderator = staff_of(request)
    quiet = list(seen_by(moderator, quiet_comments())[:QUIET_LENGTH])
    orders = orders_of(request, "heaviest reports")
    reported = in_order(reported_comments(), orders.chosen, QueueEntry.Queue.REPORTED, since="tally__waits_since")
    waiting = read_waiting(seen_by(moderator, reported), wanted)
    if chosen := next((comment for comment in quiet if comment.pk == wanted), None):
        waiting = waiting._replace(queue=[*waiting.queue, chosen], current=chosen)
    claiming = Claiming[Comment](
        QueueEntry.Queue.REPORTED,
        comment_of=lambda comment: comment.pk,
        is_theirs=lambda comment: not why_own(comment, moderator),
    )
    claim = claim_shown(waiting, moderator, wanted, claiming)
    waiting = waiting._replace(current=claim.current)
    context = {
        **waiting._asdict(),
        "claim": claim,
        "orders": orders,
        "quiet": quiet,
        "mutes": ReporterMute.objects.in_force().select_related("reporter", "muted_by").order_by("ends_at"),
        "days": DAYS,
        "reason_characters": REASON_CHARACTERS,
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
        "reports": _rows(comment, [report for report in reports if report.state == Report.State.OPEN]),
        "tally": comment.tally,
        "is_hidden": comment.status == Comment.Status.HELD,
        "answered": [report for report in reports if report.state != Report.State.OPEN],
    }


def _rows(comment: Comment, reports: list[Report]) -> list[ReportRow]:
    """Return reports with the records of their reporters, the heaviest first."""
    records = records_of([report.reporter_id for report in reports])
    edited = comment.edited_at
    rows = [
        ReportRow(report, records[report.reporter_id], edited is not None and edited > report.created_at)
        for report in reports
    ]
    return sorted(rows, key=lambda row: (-row.record.weight, row.report.created_at))
