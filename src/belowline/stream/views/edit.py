"""An author edits or deletes a comment of their own: each a page, with and without JavaScript."""

import logging
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.errors import PostingError, SlowDownError
from belowline.comments.models import Comment
from belowline.limits.errors import LimitedError
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.editing import check_editable, seconds_left
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import NudgedError
from belowline.moderation.queries import expected_wait
from belowline.moderation.redress import stated
from belowline.stream.limited import spend_for
from belowline.stream.links import frame_query
from belowline.stream.views.more import back_to

logger = logging.getLogger(__name__)
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@never_cache
@login_required
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the form, or change the comment and lead to its outcome; an error keeps the text in the form."""
    comment = _own(request, comment_id)
    if request.method != "POST":
        return _edit_page(request, comment, text=comment.text_source)
    text, key = (request.POST.get(name, "").replace("\x00", "") for name in ("text", "idempotency_key"))
    text, key = text.replace("\r\n", "\n"), key[:64]
    user: Any = request.user
    try:
        spend_for(request, "post", story=comment.story_id)
        edited = edit_comment(
            comment=comment,
            author=user,
            text_source=text,
            idempotency_key=key,
            may_nudge=bool(key) and "nudged" not in request.POST,
        )
    except NudgedError as nudged:
        reasons = stated(site_policy(comment.story.site), text, nudged.reasons)
        return _edit_page(request, comment, text=text, nudge=reasons, idempotency_key=key)
    except LimitedError as error:
        answer = _edit_page(request, comment, status=429, text=text, problem=SlowDownError(error.seconds))
        answer["Retry-After"] = str(error.seconds)
        return answer
    except PostingError as error:
        return _edit_page(request, comment, status=422, text=text, problem=error)
    except DatabaseError as error:
        # Only the type: the message may quote values.
        logger.error("an edit could not be saved (%s)", type(error).__name__)  # noqa: TRY400
        sentence = gettext("Your change could not be saved just now. It is still in the form: please try again.")
        return _edit_page(request, comment, status=503, text=text, problem=PostingError(sentence, code="not_saved"))
    anchor = f"c-{comment.pk}" if edited.comment.is_public else "outcome"
    query = frame_query(request, **({"posted": comment.pk} if edited.decision else {}))
    return redirect(f"{reverse('thread', args=[comment.story_id])}{query}#{anchor}")


@require_http_methods(METHODS)
@never_cache
@login_required
def delete(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Ask whether it is meant, or delete a comment of one's own; `back` says where to go then."""
    comment = _own(request, comment_id)
    if request.method != "POST":
        context = _context(request, comment) | {"is_deleted": comment.status == Comment.Status.DELETED}
        return render(request, "stream/delete.html", context)
    user: Any = request.user
    delete_comment(comment=comment, by=user)
    if request.POST.get("back") != "thread":
        return redirect(f"{reverse('my-comments')}{frame_query(request)}")
    messages.success(request, gettext("Your comment is deleted."), extra_tags="good")
    return redirect(back_to(request, comment))


def _own(request: HttpRequest, comment_id: int) -> Comment:
    related = ("story__site", "author", "parent__root", "parent__author")
    return get_object_or_404(Comment.objects.select_related(*related), pk=comment_id, author=request.user)


def _context(request: HttpRequest, comment: Comment) -> dict[str, Any]:
    return {
        "comment": comment,
        "story": comment.story,
        "site": comment.story.site,
        "back": back_to(request, comment),
    }


def _edit_page(request: HttpRequest, comment: Comment, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Show the form while the comment can be edited, and what was typed also when it no longer can."""
    context = _context(request, comment) | {
        "seconds_left": seconds_left(comment.created_at, timezone.now()),
        "max_characters": settings.COMMENT_MAX_CHARACTERS,
        "idempotency_key": uuid.uuid4().hex,
        "wait": expected_wait(comment.story.site),
    }
    try:
        check_editable(comment)
    except PostingError as error:
        context |= {"is_over": True, "problem": error}
    return render(request, "stream/edit.html", context | extra, status=status)
