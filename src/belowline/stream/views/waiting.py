"""What waits for a moderator under a story, within the discussion itself: to publish, to reject, and to take back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.permissions import Action, may
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.desks import MODERATORS, held_at
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.moderation.queries import latest_by, with_history
from belowline.stories.models import Story
from belowline.stream.links import frame_query
from belowline.stream.staff import editor_of, staff_only

LENGTH = 20
"""So many of them are shown at a time."""
TAKEN_BACK = 3
"""So many of one's latest decisions here can be taken back here."""
OUTCOMES = {"publish": Decision.Outcome.PUBLISH, "reject": Decision.Outcome.REJECT}


@require_safe
@never_cache
@staff_only
def show_waiting(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show the held comments of a story, the longest wait first; htmx gets the list alone."""
    return _page(request, get_object_or_404(Story.objects.select_related("site"), pk=story_id))


@require_POST
@staff_only
def decide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Publish or reject a held comment; what is missing comes back with all that was typed."""
    comment = get_object_or_404(Comment.objects.select_related("story__site", "author"), pk=comment_id)
    outcome = OUTCOMES.get(request.POST.get("outcome", ""), Decision.Outcome.REJECT)
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in ("rule", "note_to_author")}
    try:
        decide_comment(
            comment=comment,
            moderator=editor_of(request),
            outcome=outcome,
            last_seen=parse_id(request.POST.get("last_seen", "")),
            rule=typed["rule"],
            note_to_author=typed["note_to_author"],
        )
    except DecidingError as error:
        if error.code != "not_waiting":
            return _page(request, comment.story, status=422, problem=error, about=comment.pk, typed=typed)
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(request, _said(comment, outcome), extra_tags="good")
    return redirect(_back(request, comment, outcome))


@require_POST
@staff_only
def take_back(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take a decision of one's own back, and show the discussion again."""
    rows = Decision.objects.select_related("comment__story")
    decision = get_object_or_404(rows, pk=decision_id, moderator=editor_of(request))
    try:
        undo_decision(decision=decision, moderator=editor_of(request))
    except DecidingError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(request, gettext("Taken back. The comment stands where it was before."), extra_tags="good")
    return redirect(f"{reverse('thread', args=[decision.comment.story_id])}{frame_query(request)}")


def waiting_under(story: Story) -> QuerySet[Comment]:
    """Return the comments of a story that wait for a moderator, the longest wait first."""
    return held_at(MODERATORS).filter(story=story)


def _said(comment: Comment, outcome: Decision.Outcome) -> str:
    name = {"name": comment.author.display_name}
    if outcome == Decision.Outcome.PUBLISH:
        return gettext("Published: the comment by %(name)s.") % name
    return gettext("Rejected: the comment by %(name)s. They are told the rule, and can appeal.") % name


def _back(request: HttpRequest, comment: Comment, outcome: Decision.Outcome) -> str:
    """Return the way to the published comment, or to what waits still."""
    comment.refresh_from_db(fields=["status"])
    if outcome == Decision.Outcome.PUBLISH and comment.is_public:
        return f"{reverse('comment', args=[comment.pk])}{frame_query(request)}"
    return f"{reverse('story-waiting', args=[comment.story_id])}{frame_query(request)}"


def _page(request: HttpRequest, story: Story, *, status: int = 200, **extra: Any) -> HttpResponse:
    moderator = editor_of(request)
    if not may(moderator, Action.DECIDE, site=story.site, section=story.section):
        raise PermissionDenied("only moderators of this section decide here")
    held = waiting_under(story)
    latest = latest_by(moderator, limit=100)
    context = {
        "story": story,
        "site": story.site,
        "held": with_history(held)[:LENGTH],
        "total": held.count(),
        "latest": [one for one in latest if one.comment.story_id == story.pk][:TAKEN_BACK],
        "max_characters": MAX_NOTE_CHARACTERS,
        "back": f"{reverse('thread', args=[story.pk])}{frame_query(request)}",
        **extra,
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "stream/_waiting.html" if is_part else "stream/waiting.html", context, status=status)
