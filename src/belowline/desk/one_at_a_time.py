"""What the pages have in common that show one of what waits at a time: which one, what was typed, what comes back."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from django.contrib import messages
from django.db.models import Model, OrderBy, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may_somewhere
from belowline.comments.models import Comment
from belowline.desk.card import author_record, choices, earlier_versions
from belowline.engine.errors import BelowlineError
from belowline.moderation.actions.claim_comment import claim_comment
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Decision
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import BY_RISK, NEWEST, OLDEST, Factor, why_here

Row = TypeVar("Row", bound=Model)
LENGTH = 50
"""So many of what waits are listed."""


class Waiting(NamedTuple, Generic[Row]):
    """What waits, as a page lists it."""

    queue: list[Row]
    current: Row | None
    """The one that is shown in full; None: nothing waits."""
    total: int


def read_waiting(waiting: QuerySet[Row], wanted: int | None) -> Waiting[Row]:
    """Return the first of what waits, and in full the one that is wanted by its id, or the first."""
    queue = list(waiting[:LENGTH])
    if wanted is not None and wanted not in {row.pk for row in queue}:
        queue += waiting.filter(pk=wanted)
    current = next((row for row in queue if row.pk == wanted), queue[0] if queue else None)
    return Waiting(queue, current, waiting.count())


class Orders(NamedTuple):
    """How a page may be put in order, and how it is."""

    choices: tuple[tuple[str, str], ...]
    """Value and words; the first is the page's own."""
    chosen: str
    """Empty: the page's own."""

    @property
    def query(self) -> str:
        """What an address ends with that keeps the order: "?order=risk"; empty: the page's own order."""
        return f"?order={self.chosen}" if self.chosen else ""


def orders_of(request: HttpRequest, own: str) -> Orders:
    """Return the orders of a page, whose own is called `own`, and the one that its address asks for, if there is it."""
    choices = (("", own), (BY_RISK, "risk x readers x waiting"), (NEWEST, "newest first"), (OLDEST, "oldest first"))
    asked = request.GET.get("order", "")
    return Orders(choices, asked if asked in dict(choices) else "")


def in_order(
    rows: QuerySet[Row], order: str, queue: str, comment: str = "pk", since: str = "created_at"
) -> QuerySet[Row]:
    """Put what waits into an order of `orders_of`; the page's own is left as it is.

    `comment` leads from a row to its comment, and `since` to the time since when it waits.
    """
    if order == BY_RISK:
        entries = QueueEntry.objects.filter(comment=OuterRef(comment), queue__in=(queue, QueueEntry.Queue.HELD))
        rank = Subquery(entries.order_by("-rank").values("rank")[:1])
        return rows.order_by(OrderBy(rank, descending=True, nulls_last=True), "pk")
    if order in {NEWEST, OLDEST}:
        return rows.order_by(f"-{since}" if order == NEWEST else since, "pk")
    return rows


class Claim(NamedTuple, Generic[Row]):
    """What a moderator looks at now, and what colleagues do."""

    current: Row | None
    entry: QueueEntry | None
    """Of the current one; None: it waits in no queue, or nobody asked for it."""
    with_others: dict[int, str]
    """Id of a comment that is listed -> who looks at it now."""
    why: list[Factor]
    """Why the current one comes when it does."""

    @property
    def holder(self) -> str:
        """Who else looks at the current one now; empty: nobody."""
        return self.with_others.get(self.entry.comment_id, "") if self.entry else ""


class Claiming(NamedTuple, Generic[Row]):
    """What a page knows of what it lists."""

    queue: str
    comment_of: Callable[[Row], int]
    is_theirs: Callable[[Row], bool]
    """Whether the moderator may decide about it; what they must leave to others they do not claim."""


def claim_shown(waiting: Waiting[Row], moderator: User, wanted: int | None, claiming: Claiming[Row]) -> Claim[Row]:
    """Claim what is shown in full: the wanted one, or the first that nobody looks at; who may not decide claims none.

    Where somebody else looks at all of them, or at the wanted one, it is shown all the same, and whose it is. What they
    must leave to others is shown where it is wanted, or nothing else is there.
    """
    queue, comment_of, is_theirs = claiming
    now = timezone.now()
    ids = [comment_of(row) for row in waiting.queue]
    entries = QueueEntry.objects.filter(comment__in=ids, queue__in=(queue, QueueEntry.Queue.HELD))
    busy = entries.claimed(now).exclude(claimed_by=moderator).select_related("claimed_by")
    others = {entry.comment_id: entry.claimed_by.display_name for entry in busy if entry.claimed_by}
    current, entry = waiting.current, None
    is_wanted = current is not None and current.pk == wanted
    rows = [row for row in waiting.queue if row == current or (not is_wanted and comment_of(row) not in others)]
    if not is_wanted:
        rows.sort(key=lambda row: comment_of(row) in others)  # stable: the first free one comes first
    for row in rows if may_somewhere(moderator, Action.DECIDE) else []:
        if not is_theirs(row):
            continue
        current = row
        entry = claim_comment(moderator=moderator, entries=entries, wanted=comment_of(row))
        if entry is None or not entry.is_with_another(moderator.pk, now):
            break
        others[entry.comment_id] = entry.claimed_by.display_name if entry.claimed_by else ""
    return Claim(current, entry, others, why_here(entry, now) if entry else [])


def typed_in(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """Return what was typed into these fields; no database keeps a NUL."""
    return {name: request.POST.get(name, "").replace("\x00", "") for name in names}


def refused(
    request: HttpRequest, error: BelowlineError, page: Callable[..., HttpResponse] | None, *, elsewhere: str
) -> HttpResponse:
    """Show the page again with what is wrong; `page` takes `status` and `problem`.

    None: what the form was about waits no more. Another one would be shown, and what was typed is not about that one,
    so lead `elsewhere`, and say it there.
    """
    if page is not None:
        return page(status=422, problem=error.message)
    messages.error(request, error.message, extra_tags="bad")
    return redirect(elsewhere)


def comment_card(comment: Comment) -> dict[str, Any]:
    """Return what a template needs to show a comment and to decide about it by a rule."""
    history = list(comment.decisions.order_by("-id"))
    judged = next((decision for decision in history if decision.maker == Decision.Maker.ENGINE), None)
    return {
        "comment": comment,
        "decision": history[0] if history else None,
        "choices": choices(site_policy(comment.story.site), judged),
        "record": author_record(comment),
        "versions": earlier_versions(comment),
        "max_characters": MAX_NOTE_CHARACTERS,
    }
