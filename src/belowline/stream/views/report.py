"""A reader reports a comment: the form, and what became of it; strangers learn what they can do without an account."""

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.comments.models import Comment
from belowline.limits.errors import LimitedError
from belowline.moderation.actions.report_comment import report_comment
from belowline.moderation.errors import ReportError
from belowline.moderation.models import Report
from belowline.moderation.reports import REPORT_CHARACTERS, report_by, why_not_report
from belowline.stream.limited import spend_for, wait_sentence
from belowline.stream.views.more import back_to

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the form, receive it, or show what became of the reader's report; an error keeps what was typed."""
    # What was never public is nobody's business here.
    once_public = Comment.objects.filter(published_at__isnull=False).select_related("story__site", "author")
    comment = get_object_or_404(once_public, pk=comment_id)
    user: Any = request.user
    category = request.POST.get("category", "")
    text = request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n")
    if request.method != "POST" or not user.is_authenticated:
        status = 401 if request.method == "POST" else 200
        return _page(request, comment, status=status, text=text, category=category)
    try:
        spend_for(request, "report", story=comment.story_id)
        report_comment(comment=comment, reporter=user, category=category, text_source=text)
    except LimitedError as error:
        problem = wait_sentence(error.seconds)
        answer = _page(request, comment, status=429, problem=problem, text=text, category=category)
        answer["Retry-After"] = str(error.seconds)
        return answer
    except ReportError as error:
        return _page(request, comment, status=422, problem=error.message, text=text, category=category)
    except DatabaseError as error:
        # Only the type: the message may quote values.
        logger.error("a report could not be saved (%s)", type(error).__name__)  # noqa: TRY400
        problem = gettext("Your report could not be saved just now. Please try again in a moment.")
        return _page(request, comment, status=503, problem=problem, text=text, category=category)
    return redirect(request.get_full_path())


def _page(request: HttpRequest, comment: Comment, *, status: int, **extra: Any) -> HttpResponse:
    user: Any = request.user
    context = {
        "comment": comment,
        "story": comment.story,
        "site": comment.story.site,
        "report": report_by(user, comment) if user.is_authenticated else None,
        "why_not": why_not_report(comment, user) if user.is_authenticated else "",
        "categories": Report.Category.choices,
        "max_characters": REPORT_CHARACTERS,
        "back": back_to(request, comment),
        **extra,
    }
    return render(request, "stream/report.html", context, status=status)
