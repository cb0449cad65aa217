"""Published comments for those who are no readers of our pages: feeds, search engines, other sites."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from belowline.comments.models import Comment, author_fields
from belowline.stories.models import Story

SEEN = (Comment.Status.PUBLISHED, *Comment.TOMBSTONES)
"""What changes a page that everybody sees."""


class PublicComment(NamedTuple):
    """A published comment, as everybody may know it."""

    id: int
    parent_id: int | None
    parent_status: str | None
    text_source: str
    body_html: str
    created_at: datetime
    edited_at: datetime | None
    recommend_count: int
    author_name: str
    author_role: str
    reply_count: int
    """Published replies to this very comment."""
    replied_at: datetime | None

    @property
    def answers(self) -> int | None:
        """The id of the comment that it replies to, where that one can be read."""
        return self.parent_id if self.parent_status == Comment.Status.PUBLISHED else None


def public_comments(story: Story, limit: int, *, before: int | None = None) -> list[PublicComment]:
    """Return published comments of a story, the newest first: the newest of all, or those older than `before`.

    `before` is the id of a comment of the story, whatever became of it.

    Raises:
        Comment.DoesNotExist: the story has no such comment.
    """
    published = Comment.objects.filter(story=story, status=Comment.Status.PUBLISHED)
    if before is not None:
        at = Comment.objects.values_list("created_at", flat=True).get(pk=before, story=story)
        published = published.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=before))
    return _read(published.order_by("-created_at", "-pk")[:limit])


def public_comment(comment_id: int) -> PublicComment | None:
    """Return a published comment, or None."""
    return next(iter(_read(Comment.objects.filter(pk=comment_id, status=Comment.Status.PUBLISHED))), None)


def last_change(story: Story) -> datetime:
    """Return when what everybody sees of the story's comments last changed; without any, when the story came."""
    seen = Comment.objects.filter(story=story, status__in=SEEN).aggregate(at=Max("changed_at"))
    return seen["at"] or story.created_at


def _read(comments: QuerySet[Comment]) -> list[PublicComment]:
    replies = Comment.objects.filter(parent=OuterRef("pk"), status=Comment.Status.PUBLISHED).order_by().values("parent")
    rows = comments.annotate(
        **author_fields(),
        parent_status=Subquery(Comment.objects.filter(pk=OuterRef("parent_id")).values("status")),
        reply_count=Coalesce(Subquery(replies.annotate(found=Count("pk")).values("found")), 0),
        replied_at=Subquery(replies.annotate(at=Max("created_at")).values("at")),
    ).values_list(*PublicComment._fields)
    return [PublicComment(*row) for row in rows]
