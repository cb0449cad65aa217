"""One of the reader's own comments: what happened to it, why, and what they can do about it."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.moderation.actions.submit_appeal import MAX_APPEAL_CHARACTERS, submit_appeal
from belowline.moderation.errors import AppealError
from belowline.moderation.queries import comments_of, expected_wait
from belowline.moderation.redress import add_redress
from belowline.moderation.timeline import timeline
from belowline.stream.frames import is_framed

logger = logging.getLogger(__name__)


@require_safe
@never_cache
@login_required
def my_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the comment, the statement about it, its history, and the forms for an appeal and a second version."""
    return _page(request, comment_id)


@require_POST
@login_required
def contest(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Submit an appeal and lead back to the comment; an error comes back with the text still in the form."""
    user: Any = request.user
    comment = get_object_or_404(Comment, pk=comment_id, author=user)
    text = request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n")
    try:
        submit_appeal(
            comment=comment, author=user, text_source=text, last_seen=parse_id(request.POST.get("last_seen", ""))
        )
    except AppealError as error:
        return _page(request, comment_id, status=422, problem=error.message, text=text)
    except DatabaseError as error:
        # Only the type: the message may quote values.
        logger.error("an appeal could not be saved (%s)", type(error).__name__)  # noqa: TRY400
        problem = gettext(
            "Your appeal could not be saved just now. Your text is still here: please try again in a moment."
        )
        return _page(request, comment_id, status=503, problem=problem, text=text)
    messages.success(
        request, gettext("We have your appeal. You will be told by e-mail how it ends, and why."), extra_tags="good"
    )
    return redirect(f"{reverse('my-comment', args=[comment_id])}{'?embed=1' if is_framed(request) else ''}")


def _page(request: HttpRequest, comment_id: int, *, status: int = 200, **extra: Any) -> HttpResponse:
    user: Any = request.user
    comment = get_object_or_404(comments_of(user), pk=comment_id)
    [comment] = add_redress([comment])
    context = {
        "comment": comment,
        "steps": timeline(comment),
        "wait": expected_wait(comment.story.site),
        "max_characters": MAX_APPEAL_CHARACTERS,
        **extra,
    }
    return render(request, "stream/my_comment.html", context, status=status)
