"""My comments: each with what became of it, and why."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.queries import comments_of
from belowline.moderation.redress import add_redress

PER_PAGE = 20
Status = Comment.Status
FILTERS = {
    "published": (_("Published"), (Status.PUBLISHED,)),
    "waiting": (_("Waiting"), (Status.HELD, Status.PENDING)),
    "rejected": (_("Not published"), (Status.REJECTED,)),
    "removed": (_("Removed"), (Status.REMOVED,)),
    "deleted": (_("Deleted by you"), (Status.DELETED,)),
}
"""What `?status=` asks for -> its words, and the statuses that it shows."""


@require_safe
@never_cache
@login_required
def my_comments(request: HttpRequest) -> HttpResponse:
    """List the reader's own comments, the newest first; those of one status where `?status=` asks for them."""
    user: Any = request.user
    wanted = request.GET.get("status", "")
    page = Paginator(_chosen(comments_of(user), wanted), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = add_redress(page.object_list)
    context = {"page": page, "wanted": wanted if wanted in FILTERS else "", **_filters(user)}
    return render(request, "stream/my_comments.html", context)


def _chosen(comments: QuerySet[Comment], wanted: str) -> QuerySet[Comment]:
    return comments.filter(status__in=FILTERS[wanted][1]) if wanted in FILTERS else comments


def _filters(user: User) -> dict[str, Any]:
    """Return how many comments there are, and each filter that shows some: its name, words and count."""
    counted = Comment.objects.filter(author=user).order_by().values_list("status").annotate(Count("pk"))
    counts: dict[str, int] = dict(counted)
    found = [(name, label, sum(counts.get(one, 0) for one in shown)) for name, (label, shown) in FILTERS.items()]
    return {"total": sum(counts.values()), "filters": [entry for entry in found if entry[2]]}
