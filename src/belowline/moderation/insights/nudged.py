"""What authors made of it when they were told, before posting, that their comment would be held."""

from collections import Counter
from typing import NamedTuple

from belowline.comments.models import Comment
from belowline.moderation.insights.scope import Scope
from belowline.moderation.models import Nudge

PUBLISHED = (Comment.Status.PUBLISHED,)
WAITING = (Comment.Status.HELD, Comment.Status.PENDING)
REFUSED = (Comment.Status.REJECTED, Comment.Status.REMOVED)


class Nudged(NamedTuple):
    """What authors did after a nudge, and where their comments stand now."""

    result: str
    """A Nudge.Result."""
    nudges: int
    published: int
    waiting: int
    refused: int
    gone: int
    """Deleted by the author, or never posted."""


def nudges_by_result(scope: Scope) -> list[Nudged]:
    """Return the nudges of the period by what authors did next, all three kinds."""
    rows = scope.keep(Nudge.objects.filter(created_at__gte=scope.since), "story")
    counts: Counter[tuple[str, str | None]] = Counter(rows.order_by().values_list("result", "comment__status"))
    return [_nudged(result, counts) for result in Nudge.Result.values]


def _nudged(result: str, counts: Counter[tuple[str, str | None]]) -> Nudged:
    every = sum(count for (of, _), count in counts.items() if of == result)
    published, waiting, refused = (
        sum(counts[result, status] for status in statuses) for statuses in (PUBLISHED, WAITING, REFUSED)
    )
    return Nudged(result, every, published, waiting, refused, every - published - waiting - refused)
