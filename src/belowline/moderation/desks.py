"""Which desk a comment goes to: the moderators', the newsroom's or the corrections desk; and what waits there.

A held comment goes to the desk of its first reason; rules of the moderators come first (engine.decide). A published
comment that a background rule noted, or a moderator has sent on, is listed for that desk until somebody has seen to it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation.queries import held_comments
from belowline.moderation.queueing import QUEUE_OF_DESK

MODERATORS = "moderators"


class Handled(NamedTuple):
    """A comment that was seen to, by whom, and when."""

    comment: Comment
    by: User
    at: Any


def desk_of(reason: Mapping[str, Any]) -> str:
    """Return the desk that a reason leads to; older decisions name none."""
    return str(reason.get("desk", MODERATORS))


def held_at(desk: str) -> QuerySet[Comment]:
    """Return the held comments that wait at a desk, the longest wait first; not those that were escalated."""
    return held_comments().filter(queue_entries__queue=QUEUE_OF_DESK[desk])


def listed_at(desk: str) -> QuerySet[Comment]:
    """Return the published comments that a desk has not seen to yet, the longest wait first.

    What was seen to and is sent there again later is listed again.
    """
    handled = Event.objects.filter(
        tag=tags.COMMENT_HANDLED, subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk"), data__desk=desk
    )
    listed = Event.objects.filter(~Exists(handled), tag=tags.COMMENT_LISTED, data__desk=desk)
    return Comment.objects.filter(status=Comment.Status.PUBLISHED, pk__in=listed.values("subject_id")).order_by(
        F("published_at").asc(nulls_first=True), "pk"
    )


def latest_handled(desk: str, limit: int = 10) -> list[Handled]:
    """Return what was seen to last at a desk, the newest first; of a comment that is gone, nothing."""
    events = list(Event.objects.filter(tag=tags.COMMENT_HANDLED, data__desk=desk).order_by("-id")[:limit])
    comments = Comment.objects.select_related("story", "author").in_bulk([event.subject_id for event in events])
    people = User.objects.in_bulk([event.actor_id for event in events if event.actor_id])
    return [
        Handled(comments[event.subject_id], people[event.actor_id], event.created_at)
        for event in events
        if event.actor_id in people and event.subject_id in comments
    ]
