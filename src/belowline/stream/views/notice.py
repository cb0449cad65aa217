"""Notice of illegal content: the form, open to everybody, and the page that says what became of it."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from belowline.comments.models import Comment
from belowline.limits.bucket import Rate
from belowline.limits.client_address import address_key
from belowline.limits.errors import LimitedError
from belowline.limits.spending import spend_rates
from belowline.moderation.actions.submit_notice import NoticeText, submit_notice
from belowline.moderation.errors import NoticeError
from belowline.moderation.models import Notice
from belowline.moderation.notices import CATEGORIES, EXPLANATION_CHARACTERS, category_title, is_waiting
from belowline.stream.links import frame_query

WINDOW_SECONDS = 3600
PER_ADDRESS, PER_ADDRESS_AND_COMMENT = 10, 3
"""Notices in an hour that one internet address may send: over all, and about one comment."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give_notice(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the form about a published comment, and receive it; an error comes back with all that was typed."""
    # What was never public is nobody's business here.
    once_public = Comment.objects.filter(published_at__isnull=False).select_related("story__site", "author")
    comment = get_object_or_404(once_public, pk=comment_id)
    if request.method != "POST":
        status = 200 if comment.is_public else 410
        return _form(request, comment, NoticeText(), status=status)
    text = _text(request)
    try:
        _count(request, comment, take=False)
    except LimitedError as error:
        problem = gettext(
            "From your internet address came %(about_it)d notices about this comment, or %(in_all)d in all, within an "
            "hour. This one was not received. Please send it again in an hour."
        ) % {"about_it": PER_ADDRESS_AND_COMMENT, "in_all": PER_ADDRESS}
        answer = _form(request, comment, text, status=429, problem=problem)
        answer["Retry-After"] = str(error.seconds)
        return answer
    try:
        notice = submit_notice(comment=comment, text=text)
    except NoticeError as error:
        return _form(request, comment, text, status=422, problem=error.message, problems=error.problems)
    with suppress(LimitedError):  # somebody behind the same address was quicker: this one is received
        _count(request, comment)
    return redirect(f"{reverse('notice-state', args=[notice.receipt])}{frame_query(request)}")


@require_safe
@never_cache
def notice_state(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show what became of a notice, to whoever has its code."""
    notice = get_object_or_404(Notice.objects.select_related("comment__story__site", "result"), receipt=receipt)
    context = {
        "notice": notice,
        "comment": notice.comment,
        "site": notice.comment.story.site,
        "category": category_title(notice.category),
        "waits": is_waiting(notice),
    }
    answer = render(request, "stream/notice_state.html", context)
    answer["X-Robots-Tag"] = "noindex"
    # The code in the address opens this page: it goes nowhere else.
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _form(request: HttpRequest, comment: Comment, text: NoticeText, *, status: int, **extra: Any) -> HttpResponse:
    context = {
        "comment": comment,
        "story": comment.story,
        "site": comment.story.site,
        "text": text,
        "categories": CATEGORIES,
        "max_characters": EXPLANATION_CHARACTERS,
        **extra,
    }
    return render(request, "stream/notice.html", context, status=status)


def _text(request: HttpRequest) -> NoticeText:
    def field(name: str) -> str:
        return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()

    return NoticeText(
        category=field("category"),
        explanation=field("explanation"),
        legal_ground=field("legal_ground"),
        name=field("name"),
        email=field("email"),
        in_good_faith=bool(field("in_good_faith")),
    )


def _count(request: HttpRequest, comment: Comment, *, take: bool = True) -> None:
    """Count a notice from this address, over all and about this comment; without `take`, only look.

    Raises:
        LimitedError: there were too many.
    """
    address = address_key(request.META)
    about_it = f"{address}:{comment.pk}" if address else None
    rates = (Rate(PER_ADDRESS, WINDOW_SECONDS), Rate(PER_ADDRESS_AND_COMMENT, WINDOW_SECONDS, "address and comment"))
    spend_rates("notice", rates, take=take, address=address, **{"address and comment": about_it})
