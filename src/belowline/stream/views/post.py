"""A reader posts a comment."""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.models import User
from belowline.comments.errors import PostingError, SlowDownError
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.limits.errors import LimitedError
from belowline.moderation.actions.post_comment import post_comment
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import NudgedError
from belowline.moderation.redress import stated
from belowline.stories.discussion import discussion_state
from belowline.stories.models import Story
from belowline.stream.limited import spend_for
from belowline.stream.links import frame_query
from belowline.stream.views.measures import acknowledge_posted
from belowline.stream.views.thread import composer_context, own_comment, thread_response

logger = logging.getLogger(__name__)


@require_POST
def post(request: HttpRequest, story_id: int) -> HttpResponse:
    """Post a comment and lead to its outcome; an error comes back with the text still in the form."""
    story = get_object_or_404(Story.objects.select_related("site"), pk=story_id)
    text, key = (request.POST.get(name, "").replace("\x00", "") for name in ("text", "idempotency_key"))
    text = text.replace("\r\n", "\n")
    if not request.user.is_authenticated:
        # The session may have ended while somebody wrote: what they wrote is not lost.
        return render(request, "stream/signed_out.html", {"story": story, "text": text}, status=401)
    old = _rewritten(request, story)
    parent = old.parent if old else _parent(request, story)
    # The form comes back with the comment that is answered: never with one that readers may not see.
    shown = parent if parent and parent.is_public else None
    refused: dict[str, Any] = {"text": text, "idempotency_key": key, "parent": shown, "resubmits": old}
    try:
        if parent is None and request.POST.get("parent"):
            raise PostingError(
                gettext(
                    "The comment that you answer is no longer here. You can post your text as a comment of its own."
                ),
                code="parent_not_available",
            )
        acknowledge_posted(request)
        spend_for(request, "post", story=story.pk)
        posted = post_comment(
            story=story,
            author=_user(request),
            text_source=text,
            parent=parent,
            idempotency_key=key,
            resubmits=old,
            may_nudge="nudged" not in request.POST,
            paced=True,
        )
    except NudgedError as nudged:
        reasons = stated(site_policy(story.site), text, nudged.reasons)
        return thread_response(request, story, nudge=reasons, **refused)
    except (LimitedError, SlowDownError) as error:
        problem = SlowDownError(error.seconds)
        answer = thread_response(request, story, status=429, problem=problem, **refused)
        answer["Retry-After"] = str(error.seconds)
        return answer
    except PostingError as error:
        if error.code in {"cannot_resubmit", "parent_not_available", "replies_off"}:
            refused["resubmits"] = None  # it can still be posted, as a comment like any other
        if error.code == "replies_off":
            refused["parent"] = None
        return thread_response(request, story, status=422, problem=error, **refused)
    except DatabaseError as error:
        # The disk may be full, or another process writes for long. Only the type: the message may quote values.
        logger.error("a comment could not be saved (%s)", type(error).__name__)  # noqa: TRY400
        return _not_saved(request, story, refused)
    query = frame_query(request, posted=posted.comment.pk)
    anchor = f"c-{posted.comment.pk}" if posted.comment.is_public else "outcome"
    return redirect(f"{reverse('thread', args=[story.pk])}{query}#{anchor}")


@require_safe
def composer(request: HttpRequest, story_id: int) -> HttpResponse:
    """Return the form for a reply, to be put under the comment; strangers are invited to sign in."""
    story = get_object_or_404(Story.objects.select_related("site"), pk=story_id)
    if not request.user.is_authenticated:
        return render(request, "stream/_invite.html", {"story": story, "inline": True})
    state = discussion_state(story)
    if not (state.is_open and state.takes_replies):
        return render(
            request, "stream/_closed.html" if not state.is_open else "stream/_no_replies.html", {"state": state}
        )
    context = {"story": story, "inline": True, **composer_context(request, story)}
    stopped = context["measure"] is not None and context["measure"].row.stops_writing
    return render(request, "stream/_sanctioned.html" if stopped else "stream/_composer.html", context)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("a signed-in user is one of ours")
    return request.user


def _parent(request: HttpRequest, story: Story) -> Comment | None:
    wanted = parse_id(request.POST.get("parent", ""))
    if wanted is None:
        return None
    return Comment.objects.select_related("root", "author").filter(pk=wanted, story=story).first()


def _rewritten(request: HttpRequest, story: Story) -> Comment | None:
    wanted = parse_id(request.POST.get("resubmits", ""))
    return own_comment(request, story, wanted) if wanted is not None else None


def _not_saved(request: HttpRequest, story: Story, refused: Mapping[str, Any]) -> HttpResponse:
    """Say that the comment could not be saved; the text and its key stay in the form."""
    problem = PostingError(
        gettext("Your comment could not be saved just now. It is still in the form: please try again in a moment."),
        code="not_saved",
    )
    return thread_response(request, story, status=503, problem=problem, **refused)
