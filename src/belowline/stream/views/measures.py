"""What moderators decided about the reader's account (a warning, a suspension ...), and what they can do about it."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.comments.ids import parse_id
from belowline.moderation.actions.acknowledge_warning import acknowledge_warning
from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.moderation.actions.submit_appeal import MAX_APPEAL_CHARACTERS
from belowline.moderation.errors import SanctionError
from belowline.moderation.sanction_models import Sanction
from belowline.moderation.sanctions import measures_of
from belowline.stream.links import our_address

logger = logging.getLogger(__name__)


@require_safe
@never_cache
@login_required
def my_measures(request: HttpRequest) -> HttpResponse:
    """List every measure against the reader's account, the newest first: why, until when, and how to contest it."""
    return _page(request)


@require_POST
@login_required
def acknowledge(request: HttpRequest, sanction_id: int) -> HttpResponse:
    """Note that a warning was read."""
    user: Any = request.user
    sanction = get_object_or_404(Sanction, pk=sanction_id, user=user, kind=Sanction.Kind.WARN)
    acknowledge_warning(sanction=sanction, user=user)
    messages.success(request, gettext("Thank you. You can post again."), extra_tags="good")
    return redirect(our_address(request, "my-measures"))


@require_POST
@login_required
def contest(request: HttpRequest, sanction_id: int) -> HttpResponse:
    """Contest a measure; an error comes back with the text still in the form."""
    user: Any = request.user
    sanction = get_object_or_404(Sanction, pk=sanction_id, user=user)
    text = request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n")
    typed = {"text": text, "contested": sanction_id}
    try:
        contest_sanction(sanction=sanction, user=user, text_source=text)
    except SanctionError as error:
        return _page(request, status=422, problem=error.message, **typed)
    except DatabaseError as error:
        # Only the type: the message may quote values.
        logger.error("an appeal could not be saved (%s)", type(error).__name__)  # noqa: TRY400
        problem = gettext(
            "Your appeal could not be saved just now. Your text is still here: please try again in a moment."
        )
        return _page(request, status=503, problem=problem, **typed)
    messages.success(
        request, gettext("We have your appeal. You will be told by e-mail how it ends, and why."), extra_tags="good"
    )
    return redirect(our_address(request, "my-measures"))


def acknowledge_posted(request: HttpRequest) -> None:
    """Note that the warning was read which the form that posts a comment shows, where its box is ticked."""
    user: Any = request.user
    wanted = parse_id(request.POST.get("acknowledged", ""))
    warning = Sanction.objects.filter(pk=wanted, user=user, kind=Sanction.Kind.WARN).first() if wanted else None
    if warning is not None:
        acknowledge_warning(sanction=warning, user=user)


def _page(request: HttpRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    user: Any = request.user
    context = {"measures": measures_of(user), "max_characters": MAX_APPEAL_CHARACTERS, **extra}
    return render(request, "stream/my_measures.html", context, status=status)
