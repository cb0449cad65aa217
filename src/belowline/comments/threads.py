"""Reading a discussion page by page: threads in an order, the first replies of each, and whole conversations.

No query here reads a whole story: a page costs the same under 50 comments and under 50,000.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from belowline.comments.models import Comment, author_fields
from belowline.comments.orders import DEFAULT_ORDER, Order
from belowline.stories.models import Story

PAGE_THREADS = 20
SHOWN_REPLIES = 3
"""Of a thread on a page of threads: its first ones in time, so that what they answer is among them."""
PAGE_REPLIES = 50
"""Of a conversation, on one page."""
SHOWN_ABOVE = 4
"""Comments above another one that its page shows: the nearest."""
HIDDEN = "hidden"
"""What readers are told of a comment that is back at the desk: no more than that it is not here."""
Status = Comment.Status
BY: dict[Order, tuple[str, ...]] = {
    "picks": ("-pick__created_at", "-pk"),
    "best": ("-best_rank", "-pk"),
    "recommended": ("-recommend_count", "-pk"),
    "newest": ("-created_at", "-pk"),
    "oldest": ("created_at", "pk"),
    "discussed": ("-thread_count", "-pk"),
}


class ThreadComment(NamedTuple):
    """One comment as a page shows it; of one that is not published, neither its text nor its author."""

    id: int
    parent_id: int | None
    root_id: int | None
    depth: int
    """How far right it stands: from 0 to REPLY_DEPTH_MAX."""
    status: str
    body_html: str
    created_at: Any
    edited_at: Any
    recommend_count: int
    thread_count: int
    is_digression: bool
    pick_id: int | None
    pick_sentence: str | None
    author_id: int
    author_name: str
    author_role: str
    continues: int = 0
    """Replies below it that are left to a page of their own."""
    parent_name: str = ""
    """Who wrote the comment that it answers, where that is on the page and published."""
    rule: str = ""
    """The title of the rule by which it was removed; pages that show it fill it in."""
    is_by_writer: bool = False
    """Whether the article is by its author; pages that show it fill it in."""


COLUMNS = {"pick_id": F("pick__pk"), "pick_sentence": F("pick__sentence"), **author_fields()}
FIELDS = [name for name in ThreadComment._fields if name not in ThreadComment._field_defaults]


class Thread(NamedTuple):
    """A comment with the replies that a page shows."""

    head: ThreadComment
    replies: tuple[ThreadComment, ...] = ()
    more: int = 0
    """Published replies that the page leaves out."""


class ThreadPage(NamedTuple):
    """A page of a discussion."""

    threads: tuple[Thread, ...]
    has_next: bool

    @property
    def comments(self) -> list[ThreadComment]:
        """All comments of the page, from the top."""
        return [one for thread in self.threads for one in (thread.head, *thread.replies)]


class Conversation(NamedTuple):
    """A comment, what leads to it, and a page of what stands below."""

    above: tuple[ThreadComment, ...]
    """The nearest comments above, the first of the thread first."""
    hidden_above: int
    """How many more stand above those."""
    comment: ThreadComment
    replies: tuple[ThreadComment, ...]
    more: int
    """Replies that are left to later pages."""


class _Place(NamedTuple):
    id: int
    depth: int
    continues: int


def read_page(
    story: Story, order: Order = DEFAULT_ORDER, page: int = 1, only: Collection[int] | None = None
) -> ThreadPage:
    """Return a page of threads (from 1); `only`: these comments, each by itself, wherever it stands.

    So stand picks: a reply that an editor put forward is read without its thread.
    """
    first = (page - 1) * PAGE_THREADS
    heads = _rows(_heads(story, order, only).order_by(*BY[order])[first : first + PAGE_THREADS + 1])
    has_next, heads = len(heads) > PAGE_THREADS, heads[:PAGE_THREADS]
    if order == "picks" or only is not None:
        return ThreadPage(tuple(Thread(head._replace(depth=0), more=head.thread_count) for head in heads), has_next)
    replies = _first_replies([head.id for head in heads if head.thread_count])
    return ThreadPage(tuple(_thread(head, replies.get(head.id, [])) for head in heads), has_next)


def _heads(story: Story, order: Order, only: Collection[int] | None) -> QuerySet[Comment]:
    comments = Comment.objects.filter(story=story)
    if only is not None:
        return comments.filter(pk__in=only, status=Status.PUBLISHED)
    if order == "picks":
        return comments.filter(pick__isnull=False, status=Status.PUBLISHED)
    # What is not published holds its place where published replies stand below.
    return comments.filter(Q(status=Status.PUBLISHED) | Q(thread_count__gt=0), parent=None)


def _rows(found: QuerySet[Comment]) -> list[ThreadComment]:
    return [_shown(ThreadComment(*row)) for row in found.annotate(**COLUMNS).values_list(*FIELDS)]


def _shown(row: ThreadComment) -> ThreadComment:
    if row.status == Status.PUBLISHED:
        return row
    status = row.status if row.status in Comment.TOMBSTONES else HIDDEN
    gone = row._replace(status=status, body_html="", author_id=0, author_name="", author_role="", recommend_count=0)
    return gone._replace(edited_at=None, is_digression=False, pick_id=None, pick_sentence=None)


def _first_replies(heads: list[int]) -> dict[int, list[ThreadComment]]:
    """Return the first replies of each thread, in time, with what stands between them and its head."""
    if not heads:
        return {}
    below = Comment.objects.filter(root=OuterRef("pk"), status=Status.PUBLISHED).order_by("created_at", "pk")
    places = {f"at_{place}": Subquery(below.values("pk")[place : place + 1]) for place in range(SHOWN_REPLIES)}
    found = Comment.objects.filter(pk__in=heads).annotate(**places).values_list(*places)
    known = _rows(Comment.objects.filter(pk__in={one for row in found for one in row if one is not None}))
    for _ in range(settings.REPLY_DEPTH_MAX):
        # A reply may answer one that has gone since: that one holds the thread together.
        seen = {*heads, *(row.id for row in known)}
        missing = {row.parent_id for row in known if row.parent_id is not None} - seen
        if not missing:
            break
        known += _rows(Comment.objects.filter(pk__in=missing))
    threads: dict[int, list[ThreadComment]] = {}
    for row in sorted(known, key=lambda row: (row.created_at, row.id)):
        threads.setdefault(row.root_id or 0, []).append(row)
    return threads


def _thread(head: ThreadComment, rows: list[ThreadComment]) -> Thread:
    ids = {row.id for row in rows}
    children: dict[int, list[int]] = {}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in ids else head.id, []).append(row.id)
    by_id = {row.id: row for row in rows}
    replies = with_names([head, *(by_id[one] for one, _ in _walk(head.id, children))])[1:]
    return Thread(head, tuple(replies), head.thread_count - sum(row.status == Status.PUBLISHED for row in replies))


def _walk(top: int, children: dict[int, list[int]]) -> list[tuple[int, int]]:
    """Return what stands below, depth first, as (id, how deep); no recursion: threads are as deep as readers like."""
    found: list[tuple[int, int]] = []
    stack = [(one, 1) for one in reversed(children.get(top, []))]
    while stack:
        one, depth = stack.pop()
        found.append((one, depth))
        stack.extend((child, depth + 1) for child in reversed(children.get(one, [])))
    return found


def with_names(rows: Iterable[ThreadComment]) -> list[ThreadComment]:
    """Return the rows with the name of whom each answers, where that comment is among them and published."""
    rows = list(rows)
    names = {row.id: row.author_name for row in rows}
    return [row._replace(parent_name=names.get(row.parent_id or 0, "")) for row in rows]


def read_conversation(comment: Comment, page: int = 1) -> Conversation:
    """Return a comment with those above and a page (from 1) of those below; of the rest of the thread it reads ids."""
    top = comment.root_id or comment.pk
    thread = Comment.objects.filter(Q(pk=top) | Q(root=top)).order_by("created_at", "pk")
    bones = list(thread.values_list("pk", "parent_id", "status"))
    parents: dict[int, int | None] = {one: parent for one, parent, _ in bones}
    published = {one for one, _, status in bones if status == Status.PUBLISHED}
    above = _above(comment.pk, parents)
    placed = _fold_deep(_below(comment.pk, parents, published), published)
    first = (page - 1) * PAGE_REPLIES
    on_page = placed[first : first + PAGE_REPLIES]
    wanted = [*above[-SHOWN_ABOVE:], comment.pk, *(place.id for place in on_page)]
    rows = {row.id: row for row in with_names(_rows(Comment.objects.filter(pk__in=wanted)))}
    return Conversation(
        above=tuple(rows[one]._replace(depth=0) for one in above[-SHOWN_ABOVE:]),
        hidden_above=len(above[:-SHOWN_ABOVE]),
        comment=rows[comment.pk]._replace(depth=0),
        replies=tuple(rows[one]._replace(depth=depth, continues=continues) for one, depth, continues in on_page),
        more=max(0, len(placed) - first - len(on_page)),
    )


def _above(comment: int, parents: dict[int, int | None]) -> list[int]:
    """Return what leads to a comment, the first of the thread first."""
    found: list[int] = []
    parent = parents[comment]
    while parent is not None:
        found.append(parent)
        parent = parents[parent]
    return found[::-1]


def _below(comment: int, parents: dict[int, int | None], published: set[int]) -> list[tuple[int, int]]:
    """Return what stands below, depth first; what is gone only where something published stands under it."""
    children: dict[int, list[int]] = {}
    for one, parent in parents.items():
        children.setdefault(parent or 0, []).append(one)
    found = _walk(comment, children)
    needed: set[int | None] = set()
    for one, _ in reversed(found):
        if one in published or one in needed:
            needed.update((one, parents[one]))
    return [place for place in found if place[0] in needed]


def _fold_deep(below: list[tuple[int, int]], published: set[int]) -> list[_Place]:
    """Leave what stands deeper than pages show to the comment that it stands under."""
    placed: list[_Place] = []
    for one, depth in below:
        if depth <= settings.REPLY_DEPTH_MAX:
            placed.append(_Place(one, depth, 0))
        elif one in published:
            placed[-1] = placed[-1]._replace(continues=placed[-1].continues + 1)
    return placed
