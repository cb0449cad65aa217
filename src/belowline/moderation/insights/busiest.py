"""The stories with the most comments of the period, and what became of those."""

from collections import Counter, defaultdict
from typing import NamedTuple

from django.db.models import Count

from belowline.comments.models import Comment
from belowline.moderation.insights.scope import Scope
from belowline.stories.models import Story

MOST = 10


class BusyStory(NamedTuple):
    """A story with what was written under it in the period, by where that stands now."""

    story_id: int
    title: str
    section: str
    published: int
    waiting: int
    refused: int
    """Rejected or removed."""
    deleted: int
    """By their authors."""

    @property
    def comments(self) -> int:
        """Return how many were written."""
        return self.published + self.waiting + self.refused + self.deleted


def busiest_stories(scope: Scope) -> list[BusyStory]:
    """Return the ten stories with the most comments, the busiest first."""
    written = scope.sums.by_story
    busiest = sorted(written, key=lambda story_id: (-written[story_id], story_id))[:MOST]
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    rows = scope.comments(busiest).values_list("story_id", "status").annotate(count=Count("pk"))
    for story_id, status, count in rows:
        counts[story_id][status] += count
    stories = Story.objects.only("title", "key", "section").in_bulk(busiest)
    return [_busy(stories[story_id], counts[story_id]) for story_id in busiest]


def _busy(story: Story, statuses: Counter[str]) -> BusyStory:
    status = Comment.Status
    return BusyStory(
        story_id=story.pk,
        title=str(story),
        section=story.section,
        published=statuses[status.PUBLISHED],
        waiting=statuses[status.HELD] + statuses[status.PENDING],
        refused=statuses[status.REJECTED] + statuses[status.REMOVED],
        deleted=statuses[status.DELETED],
    )
