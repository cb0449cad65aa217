"""Muting reporters from the desk's page of reports, and hearing them again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from belowline.accounts.permissions import Action
from belowline.comments.ids import parse_id
from belowline.desk.doors import allowed, staff_of
from belowline.desk.reports import reports_page
from belowline.desk.views import saved_or_said
from belowline.moderation.actions.mute_reporter import mute_reporter
from belowline.moderation.actions.unmute_reporter import unmute_reporter
from belowline.moderation.errors import ReportError
from belowline.moderation.models import Report
from belowline.moderation.report_models import ReporterMute


@require_POST
@allowed(Action.MUTE_REPORTER)
@saved_or_said
def mute(request: HttpRequest, report_id: int) -> HttpResponse:
    """Mute whoever made a report; what is missing comes back with all that was typed."""
    report = get_object_or_404(Report.objects.select_related("reporter", "comment__story"), pk=report_id)
    reason = request.POST.get("reason", "").replace("\x00", "")
    days = parse_id(request.POST.get("days", "")) or 0
    try:
        made = mute_reporter(report=report, moderator=staff_of(request), days=days, reason=reason)
    except ReportError as error:
        typed = {"report": report.pk, "problem": error.message, "reason": reason, "days": days}
        return reports_page(request, report.comment_id, status=422, muting=typed)
    said = f"Reports by {report.reporter.display_name} are not received until {made.ends_at:%-d %B %Y}."
    messages.success(request, said, extra_tags="good")
    return redirect("desk-reports")


@require_POST
@allowed(Action.MUTE_REPORTER)
@saved_or_said
def unmute(request: HttpRequest, mute_id: int) -> HttpResponse:
    """Hear a reporter again before the mute is over."""
    found = get_object_or_404(ReporterMute.objects.select_related("reporter"), pk=mute_id)
    try:
        unmute_reporter(mute=found, moderator=staff_of(request))
    except ReportError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        said = f"Reports by {found.reporter.display_name} are received again."
        messages.success(request, said, extra_tags="good")
    return redirect("desk-reports")
