"""The discussion under a story."""

import math
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from belowline.comments.errors import PostingError
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.comments.orders import ORDERS, Order
from belowline.comments.resubmission import why_not_again
from belowline.comments.threads import read_conversation
from belowline.moderation.engine import site_policy
from belowline.moderation.queries import comments_of, expected_wait
from belowline.moderation.redress import add_redress
from belowline.moderation.sanctions import Measure, acting_on, gravest, measure
from belowline.replicas import from_replica_of_story
from belowline.stories.discussion import discussion_state
from belowline.stories.models import Story
from belowline.stream.asked import Asked, query_of, read_asked
from belowline.stream.comment_html import CommentWriter
from belowline.stream.listing import Listing, Subject, links_of, list_threads, read_subjects
from belowline.stream.page_cache import UNTIL, state_page
from belowline.stream.personal import personal_data
from belowline.stream.shared_cache import Names, share_answer, share_page

ORDER_NAMES: dict[Order, Any] = {
    "picks": gettext_lazy("Editors’ picks"),
    "best": gettext_lazy("Best"),
    "recommended": gettext_lazy("Most recommended"),
    "newest": gettext_lazy("Newest"),
    "oldest": gettext_lazy("Oldest"),
    "discussed": gettext_lazy("Most discussed"),
}
WAITING = (Comment.Status.HELD, Comment.Status.PENDING)


@require_safe
@from_replica_of_story
def show_thread(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show the discussion: for everybody, and without JavaScript."""
    story = get_object_or_404(Story.objects.select_related("site"), pk=story_id)
    return thread_response(request, story)


@require_safe
def thread_state(request: HttpRequest, story_id: int) -> HttpResponse:
    """Say how many comments there are; in a running newsroom the page cache answers that before Django."""
    story = get_object_or_404(Story, pk=story_id)
    page = state_page(story.pk, story.comment_count)
    response = HttpResponse(page.plain, headers=dict(page.headers) | {"ETag": page.etag})
    share_answer(response, Names(story=story.pk))
    return response


def thread_response(request: HttpRequest, story: Story, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Return the page; `extra` adds to the template's context (an error beside the text that was refused, say)."""
    asked, now = read_asked(request.GET), timezone.now()
    state = discussion_state(story, now)
    subjects = read_subjects(story)
    subject = next((one for one in subjects if one.number == asked.subject), None)
    takes_replies = state.is_open and state.takes_replies
    listing = list_threads(request, story, asked, subject=subject, takes_replies=takes_replies)
    if (asked.page > 1 and not listing.comments) or (asked.subject and subject is None):
        return redirect(f"{reverse('thread', args=[story.pk])}{query_of(request, Asked(asked.order))}")
    context = {
        "state": state,
        "closes_soon": state.is_closing_soon(now),
        "story": story,
        "site": story.site,
        "policy": site_policy(story.site),
        "asked": asked,
        "comments": listing.html,
        **navigation(request, story, asked, subjects, has_next=listing.has_next),
        **composer_context(request, story),
        **own_context(request, story),
        "mine": personal_data(request, listing.comments),
        **extra,
    }
    if context.get("posted"):
        links = links_of(request, story, takes_replies=takes_replies)
        context["posted_apart"] = posted_apart(context["posted"], listing, CommentWriter(links))
    response = render(request, "stream/thread.html", context, status=status)
    change = state.next_change(now)
    share_page(request, response, story, until=change.timestamp() if change else math.inf)
    if change:
        response[UNTIL] = str(change.timestamp())
    return response


def navigation(
    request: HttpRequest, story: Story, asked: Asked, subjects: list[Subject], *, has_next: bool
) -> dict[str, Any]:
    """Return the links to other orders, subjects and pages."""
    here = reverse("thread", args=[story.pk])

    def to(**changes: Any) -> str:
        return f"{here}{query_of(request, asked._replace(**changes))}#discussion-comments"

    return {
        "orders": [(order, ORDER_NAMES[order], to(order=order, page=1)) for order in ORDERS],
        "subjects": [(one, to(subject=one.number, page=1)) for one in subjects],
        "all_subjects": to(subject=0, page=1) if asked.subject else "",
        "newest": f"{here}{query_of(request, Asked())}",
        "previous_page": to(page=asked.page - 1) if asked.page > 1 else "",
        "next_page": to(page=asked.page + 1) if has_next else "",
    }


def posted_apart(posted: Comment, listing: Listing, writer: CommentWriter) -> SafeString:
    """Return the comment just posted where the list does not show it: it is folded, or on another page."""
    if not posted.is_public or posted.pk in listing.comments:
        return SafeString("")
    return writer.article(read_conversation(posted).comment)


def composer_context(request: HttpRequest, story: Story) -> dict[str, Any]:
    """Return what the form needs; nothing personal for readers who are not signed in."""
    if not request.user.is_authenticated:
        return {}
    parent = None
    if (wanted := parse_id(request.GET.get("reply", ""))) is not None:
        published = Comment.objects.filter(story=story, status=Comment.Status.PUBLISHED)
        parent = published.select_related("author").filter(pk=wanted).first()
    return {
        "parent": parent,
        "measure": measure_of(request, story),
        **_rewriting(request, story),
        "idempotency_key": uuid.uuid4().hex,
        "max_characters": settings.COMMENT_MAX_CHARACTERS,
    }


def measure_of(request: HttpRequest, story: Story) -> Measure | None:
    """Return the gravest measure that holds for the reader on the story's site; None: none does."""
    found = acting_on(request.user, story.site)  # type: ignore[arg-type] # signed in: one of ours
    worst = gravest(found.select_related("site", "comment", "appeal"))
    return measure(worst) if worst else None


def _rewriting(request: HttpRequest, story: Story) -> dict[str, Any]:
    """Return what the form needs to post a rejected comment anew: its text, its place, and why it was rejected."""
    wanted = parse_id(request.GET.get("resubmit", ""))
    old = own_comment(request, story, wanted) if wanted is not None else None
    if old is None:
        return {}
    if why := why_not_again(old):
        return {"problem": PostingError(why, code="cannot_resubmit")}
    return {"resubmits": old, "text": old.text_source, "parent": old.parent}


def own_comment(request: HttpRequest, story: Story, comment_id: int) -> Comment | None:
    """Return a comment of the reader's own under this story, with what was decided about it."""
    found = add_redress(comments_of(request.user).filter(story=story, pk=comment_id))  # type: ignore[arg-type]
    return found[0] if found else None


def own_context(request: HttpRequest, story: Story) -> dict[str, Any]:
    """Return the reader's own comments that only they see, and the outcome of the one just posted."""
    if not request.user.is_authenticated:
        return {}
    mine = comments_of(request.user).filter(story=story)
    found: dict[str, Any] = {"waiting": mine.filter(status__in=WAITING), "wait": expected_wait(story.site)}
    if (posted := parse_id(request.GET.get("posted", ""))) is not None:
        found["posted"] = own_comment(request, story, posted)
    return found
