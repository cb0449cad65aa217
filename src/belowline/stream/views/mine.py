"""My comments: each with what became of it, and why."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belowline.moderation.queries import comments_of
from belowline.moderation.redress import add_redress

PER_PAGE = 20


@require_safe
@never_cache
@login_required
def my_comments(request: HttpRequest) -> HttpResponse:
    """List the reader's own comments, the newest first."""
    user: Any = request.user
    page = Paginator(comments_of(user), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = add_redress(page.object_list)
    return render(request, "stream/my_comments.html", {"page": page})
