"""What the pages have in common that show one of what waits at a time: which one, what was typed, what comes back."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from belowline.comments.models import Comment
from belowline.desk.card import author_record, choices, earlier_versions
from belowline.engine.errors import BelowlineError
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Decision

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
