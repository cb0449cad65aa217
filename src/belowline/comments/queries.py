"""Reading comments: lists by columns, no model objects."""

from datetime import timedelta
from typing import Any, Literal, NamedTuple

from django.db.models import Q
from django.utils import timezone

from belowline.accounts.models import User
from belowline.comments.models import Comment, author_fields
from belowline.engine.submission import Earlier
from belowline.engine.text.fingerprint import bands, fingerprint, text_key
from belowline.stories.models import Story

Order = Literal["newest", "oldest"]
RECENT_DAYS = 7
MAX_EARLIER = 20
Status = Comment.Status


class ThreadComment(NamedTuple):
    """One comment as a thread page shows it."""

    id: int
    parent_id: int | None
    depth: int
    status: str
    body_html: str
    created_at: Any
    author_id: int
    author_name: str
    author_role: str


def thread_comments(story: Story, order: Order = "newest") -> list[ThreadComment]:
    """Return the published comments (and the tombstones above some), threads in order, replies oldest first."""
    rows = [
        ThreadComment(*row)
        for row in Comment.objects.filter(story=story, status__in=(Status.PUBLISHED, *Comment.TOMBSTONES))
        .annotate(**author_fields())
        .order_by("created_at", "pk")
        .values_list(*ThreadComment._fields)
    ]
    children: dict[int | None, list[ThreadComment]] = {}
    known = {row.id for row in rows}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    roots = children.get(None, [])
    if order == "newest":
        roots = roots[::-1]
    flat: list[ThreadComment] = []
    for root in roots:
        flat.extend(_visible(_walk(root, children)))
    return flat


def _walk(root: ThreadComment, children: dict[int | None, list[ThreadComment]]) -> list[ThreadComment]:
    """Return a thread depth first, without recursion: a thread may be as deep as readers like."""
    found, stack = [], [root]
    while stack:
        row = stack.pop()
        found.append(row)
        stack.extend(reversed(children.get(row.id, [])))
    return found


def _visible(thread: list[ThreadComment]) -> list[ThreadComment]:
    """Leave tombstones out that nothing published stands under."""
    needed: set[int | None] = set()
    for row in reversed(thread):
        if row.status == Status.PUBLISHED or row.id in needed:
            needed.update((row.id, row.parent_id))
    return [row for row in thread if row.id in needed]


def find_earlier(
    *,
    author: User,
    story: Story,
    text_source: str,
    before: Comment | None = None,
    resubmits: Comment | None = None,
) -> tuple[Earlier, ...]:
    """Return comments of the last seven days that this text may repeat: the author's own, and near copies.

    `before` is the comment itself where it is there already: it repeats neither itself nor what came after it. The
    comment that it resubmits is none of them either: it may be like its first version.
    """
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    recent = Comment.objects.filter(created_at__gte=since).exclude(status=Status.DELETED)
    if before is not None:
        recent = recent.filter(pk__lt=before.pk)
    if resubmits is not None:
        recent = recent.exclude(pk=resubmits.pk)
    parts = bands(fingerprint(text_source))
    near = Q(text_key=text_key(text_source))
    for index, band in enumerate(parts):
        near |= Q(**{f"band_{index}": band})
    own = recent.filter(author=author).order_by("-created_at").values_list("text_source", flat=True)
    others = recent.filter(near).exclude(author=author).order_by("-created_at")
    found = [Earlier(text=text, relation="same_author") for text in own[:MAX_EARLIER]]
    found += [
        Earlier(text=text, relation="same_thread" if story_id == story.pk else "elsewhere")
        for text, story_id in others.values_list("text_source", "story_id")[:MAX_EARLIER]
    ]
    return tuple(found)
