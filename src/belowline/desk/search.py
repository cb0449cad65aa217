"""The desk's search: every comment by its words and by what became of it; what is found can be decided at once."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.permissions import Action, sites_for, within
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.comments.search_terms import Term, passages
from belowline.desk.doors import allowed, staff_of
from belowline.desk.many import TYPED, act_on_many, said_in
from belowline.desk.search_form import SearchForm, rule_choices
from belowline.desk.views import saved_or_said
from belowline.limits.spending import spend_limit
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.moderation.search import MOST_COUNTED, Criteria, Found, find
from belowline.moderation.tagging import MAX_CHARACTERS, known_words

SIZES = (50, 200)
"""So many comments a page shows: fewer, or more on asking."""
EXCERPT, BEFORE = 400, 120
"""So many characters of a text are shown at first, and so many of them before the first word that was found."""


class Piece(NamedTuple):
    """A piece of a text."""

    text: str
    is_found: bool


class Row(NamedTuple):
    """A comment as the list shows it."""

    comment: Comment
    newest: Decision | None
    pieces: list[Piece]
    """The part of the text around what was found."""
    is_cut: bool
    """Whether that is not the whole text."""
    value: float | None
    """What the engine measured of the score that was asked for, in [0, 1]."""
    is_chosen: bool

    @property
    def key(self) -> str:
        """What the form sends of it: the comment, and the newest decision that was seen of it."""
        return f"{self.comment.pk}:{self.newest.pk if self.newest else 0}"


@require_safe
@never_cache
@allowed(Action.SEARCH)
def show_search(request: HttpRequest) -> HttpResponse:
    """Show the form, and what it finds where anything is asked."""
    if request.GET:
        spend_limit("search", account=staff_of(request).pk)
    return _page(request)


@require_POST
@allowed(Action.SEARCH)
@saved_or_said
def decide(request: HttpRequest) -> HttpResponse:
    """Decide about the comments that were chosen of a page; the address says what was searched for."""
    said, seen = said_in(request.POST), chosen_of(request.POST)
    try:
        batch = act_on_many(moderator=staff_of(request), said=said, seen=seen, chosen=by_words(request.GET))
    except DecidingError as error:
        typed = {name: said.get(name, "") for name in TYPED}
        return _page(request, status=422, problem=error.message, typed=typed, chosen=frozenset(seen))
    asked = request.GET.copy()
    asked["done"] = str(batch.pk)
    return redirect(f"{reverse('desk-search')}?{asked.urlencode()}")


def by_words(sent: QueryDict) -> str:
    """Return how the comments were found, in words for the history: the words that were looked for, if any."""
    words = sent.get("q", "").replace("\x00", "").strip()
    return f"Search: {words}"[:300] if words else "Search"


def chosen_of(sent: QueryDict) -> dict[int, int]:
    """Return the comments that a form names, each with the newest decision that was seen of it."""
    found = {}
    for key in sent.getlist("chosen"):
        comment, _, decision = key.partition(":")
        if (number := parse_id(comment)) is not None:
            found[number] = parse_id(decision) or 0
    return found


def _page(request: HttpRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    sites = sites_for(staff_of(request), Action.SEARCH).order_by("name")
    form = SearchForm(request.GET if _asks(request.GET) else None, sites=sites)
    context: dict[str, Any] = {"form": form, "max_characters": MAX_NOTE_CHARACTERS, "most": MOST_COUNTED, **extra}
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        context |= _found(request, form.criteria(), extra.get("chosen"))
        context["rules"] = rule_choices(list(sites))
        context |= {"words": known_words(), "max_tag": MAX_CHARACTERS}
    return render(request, "desk/search.html", context, status=status)


def _asks(sent: QueryDict) -> bool:
    """Say whether the form was sent: also empty, it asks for the newest comments."""
    return "q" in sent


def _found(request: HttpRequest, criteria: Criteria, chosen: frozenset[int] | None) -> dict[str, Any]:
    size = SIZES[1] if request.GET.get("size") == str(SIZES[1]) else SIZES[0]
    among = within(staff_of(request), Action.SEARCH, Comment.objects.all())
    begin = parse_id(request.GET.get("begin", ""))
    found = find(criteria, among=among, size=size, begin=begin)
    is_all = request.GET.get("choose") == "all"
    return {
        "found": found,
        "criteria": criteria,
        "rows": [_row(comment, criteria, is_all or comment.pk in (chosen or ())) for comment in found.comments],
        "begin": begin,
        "size": size,
        "sizes": SIZES,
        "links": _links(request, found),
        "asked": request.GET.urlencode(),
    }


def _links(request: HttpRequest, found: Found) -> dict[str, str]:
    """Return the addresses of the same search elsewhere: further on, from its beginning, with more, all chosen."""
    asked = {name: value for name, value in request.GET.items() if value and name != "done"}
    asked.setdefault("q", "")

    def to(**changes: str) -> str:
        return "?" + urlencode({name: value for name, value in (asked | changes).items() if value or name == "q"})

    return {
        "following": to(begin=str(found.following or ""), choose=""),
        "first": to(begin="", choose=""),
        "more": to(size=str(SIZES[1]), choose=""),
        "all": to(choose="all"),
        "none": to(choose=""),
    }


def _row(comment: Comment, criteria: Criteria, is_chosen: bool) -> Row:  # noqa: FBT001 - a column of the row
    history: list[Decision] = comment.history  # type: ignore[attr-defined] # queries.with_history sets it
    judged = next((decision for decision in history if decision.maker == Decision.Maker.ENGINE), None)
    measured = (judged.scores.get(criteria.score) or {}) if judged and criteria.score else {}
    pieces, is_cut = excerpt(comment.text_source, criteria.terms)
    return Row(comment, history[0] if history else None, pieces, is_cut, measured.get("value"), is_chosen)


def excerpt(text: str, terms: tuple[Term, ...]) -> tuple[list[Piece], bool]:
    """Return up to 400 characters of a text around what was found in it, in pieces; and whether that is not all."""
    spans = passages(text, terms)
    start = max(0, spans[0][0] - BEFORE) if spans and spans[0][0] > EXCERPT - BEFORE else 0
    start = text.find(" ", start, start + BEFORE) + 1 if start else 0
    stop = min(len(text), start + EXCERPT)
    pieces, place = [], start
    for begin, end in spans:
        if begin >= start and end <= stop:
            pieces += [Piece(text[place:begin], is_found=False), Piece(text[begin:end], is_found=True)]
            place = end
    pieces.append(Piece(text[place:stop], is_found=False))
    return [piece for piece in pieces if piece.text], start > 0 or stop < len(text)
