"""A reader recommends a comment, or takes that back: a page without JavaScript, a number with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.comments.actions.recommend_comment import recommend_comment, why_not
from belowline.comments.actions.withdraw_recommendation import withdraw_recommendation
from belowline.comments.errors import RecommendingError
from belowline.comments.models import Comment, Recommendation
from belowline.stream.limited import spend_for
from belowline.stream.views.more import back_to, public_comment


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def recommend(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the comment with the button, or do what it says; `withdraw` takes a recommendation back."""
    comment = public_comment(comment_id)
    if request.method != "POST":
        return _page(request, comment)
    if not request.user.is_authenticated:
        return _page(request, comment, status=401)
    spend_for(request, "recommend")
    wants_number = request.headers.get("Accept") == "application/json"
    withdraw = "withdraw" in request.POST
    act = withdraw_recommendation if withdraw else recommend_comment
    try:
        count = act(comment=comment, by=request.user)
    except RecommendingError as error:
        if wants_number:
            return JsonResponse({"code": error.code, "message": error.message}, status=422)
        return _page(request, comment, status=422, problem=error.message)
    if wants_number:
        return JsonResponse({"count": count, "recommended": not withdraw})
    messages.success(request, _said(count, withdraw=withdraw), extra_tags="good")
    return redirect(back_to(request, comment))


def _said(count: int, *, withdraw: bool) -> str:
    if withdraw:
        return gettext("You have taken your recommendation back.")
    return ngettext(
        "You recommend this comment. %(count)d reader does.",
        "You recommend this comment. %(count)d readers do.",
        count,
    ) % {"count": count}


def _page(request: HttpRequest, comment: Comment, *, status: int = 200, **extra: Any) -> HttpResponse:
    user: Any = request.user
    signed_in = user.is_authenticated
    context = {
        "comment": comment,
        "story": comment.story,
        "site": comment.story.site,
        "recommended": signed_in and Recommendation.objects.filter(comment=comment, user=user).exists(),
        "problem": why_not(comment, user) if signed_in else "",
        "back": back_to(request, comment),
        **extra,
    }
    return render(request, "stream/recommend.html", context, status=status)
