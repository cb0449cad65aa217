"""What a reader is told: a calm list, opened one by one, or marked as read at once."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.notifications.queries import notifications_for
from belowline.notifications.words import in_words
from belowline.stream.links import our_address

PER_PAGE = 20


@require_safe
@never_cache
@login_required
def notifications(request: HttpRequest) -> HttpResponse:
    """List what the reader was told, the newest first."""
    user: Any = request.user
    page = Paginator(notifications_for(user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "stream/notifications.html", {"page": page, "told": in_words(page.object_list)})


@require_safe
@never_cache
@login_required
def open_notification(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Lead to what a notification is about, and note that it was read."""
    user: Any = request.user
    row = get_object_or_404(notifications_for(user), pk=notification_id)
    notifications_for(user).filter(pk=row.pk).order_by().mark_read()
    [told] = in_words([row])
    return redirect(our_address(request, told.address) if told.address else our_address(request, "notifications"))


@require_POST
@login_required
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Note that everything was read."""
    user: Any = request.user
    user.notifications.mark_read()
    return redirect(our_address(request, "notifications"))
