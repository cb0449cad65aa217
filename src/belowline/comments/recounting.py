"""Counters counted anew and compared: of stories, of comments, and what threads hang together by.

Each counter is compared with what it counts in one statement, so that nothing that is written meanwhile looks wrong.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from belowline.accounts.models import Grant, User
from belowline.comments.models import Comment, Recommendation
from belowline.stories.models import Story

STORIES_AT_ONCE, COMMENTS_AT_ONCE = 1_000, 5_000
"""Ids that one statement looks at."""


class Drift(NamedTuple):
    """A counter that says something else than what is there."""

    counter: str
    """`Model.field`."""
    pk: int
    story: int
    """Under which it is; 0: under none."""
    kept: int
    counted: int


def find_drifts() -> Iterator[Drift]:
    """Yield every counter of comments, stories and accounts that is wrong; only reads, some thousand rows at a time."""
    for rows in _ranges(Story.objects.all(), STORIES_AT_ONCE):
        yield from _compare(rows, "Story.comment_count", F("pk"), _published("story"))
    for rows in _ranges(Comment.objects.all(), COMMENTS_AT_ONCE):
        yield from _compare(rows, "Comment.recommend_count", F("story_id"), _counted(Recommendation.objects, "comment"))
        yield from _compare(rows, "Comment.thread_count", F("story_id"), _published("root"))
    grants = _counted(Grant.objects, "user")
    for rows in _ranges(User.objects.all(), COMMENTS_AT_ONCE):
        wrong = rows.annotate(counted=grants).filter(
            Q(has_local_role=True, counted=0) | Q(has_local_role=False, counted__gt=0)
        )
        for pk, kept, counted in wrong.values_list("pk", "has_local_role", "counted"):
            yield Drift("User.has_local_role", pk, 0, int(kept), min(1, counted))


def _ranges(rows: QuerySet[Any], size: int) -> Iterator[QuerySet[Any]]:
    """Yield the rows by ranges of their ids: each statement is short, however large the table is."""
    edges = rows.aggregate(first=Min("pk"), last=Max("pk"))
    if edges["first"] is not None:
        for start in range(edges["first"], edges["last"] + 1, size):
            yield rows.filter(pk__gte=start, pk__lt=start + size)


def _compare(rows: QuerySet[Any], counter: str, story: F, counted: Coalesce) -> Iterator[Drift]:
    field = counter.partition(".")[2]
    wrong = rows.annotate(counted=counted, under=story).exclude(**{field: F("counted")}).order_by("pk")
    for pk, under, kept, found in wrong.values_list("pk", "under", field, "counted"):
        yield Drift(counter, pk, under, kept, found)


def _published(column: str) -> Coalesce:
    return _counted(Comment.objects.filter(status=Comment.Status.PUBLISHED), column)


def _counted(rows: Any, column: str) -> Coalesce:
    found = rows.filter(**{column: OuterRef("pk")}).order_by().values(column).annotate(found=Count("pk"))
    return Coalesce(Subquery(found.values("found"), output_field=models.IntegerField()), 0)


def recount_story(story_id: int, comments: list[int]) -> None:
    """Write the counters of a story and of these comments under it anew, in one transaction; pages are made anew."""
    with transaction.atomic():
        # Comments before their story, as everything else takes them.
        for pk in sorted(comments):
            comment = Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
            replies = Comment.objects.filter(root=comment, status=Comment.Status.PUBLISHED).count()
            count = Recommendation.objects.filter(comment=comment).count()
            Comment.objects.filter(pk=pk).update(thread_count=replies, recommend_count=count)
            comment.rerank()
        story = Story.objects.select_for_update(no_key=True).get(pk=story_id)
        Story.objects.filter(pk=story_id).update(
            comment_count=Comment.objects.filter(story=story, status=Comment.Status.PUBLISHED).count()
        )
        story.bump()


def recount_grants(user_id: int) -> None:
    """Write anew whether an account has a role anywhere."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        User.objects.filter(pk=user_id).update(has_local_role=Grant.objects.filter(user=user).exists())
