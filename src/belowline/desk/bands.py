"""The page Bands: everything that waits by the score of a rule, and what is done with a whole band of it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.permissions import Action, sites_for, within
from belowline.comments.ids import parse_id
from belowline.desk.band_chart import band_chart, outline, small_edge
from belowline.desk.band_query import LISTED_MOST, ORDERS, PAGE, BandQuery, address_of, read_query
from belowline.desk.band_selection import read_ids, read_seen, select, write_seen
from belowline.desk.card import Choice, choices
from belowline.desk.doors import allowed, staff_of
from belowline.desk.many import TYPED, act_on_many, said_in
from belowline.desk.views import saved_or_said
from belowline.engine.policy import Policy
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.actions.run_batch import MAX_COMMENTS
from belowline.moderation.bands import (
    Spread,
    per_cent,
    read_waiting,
    spreads,
)
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.tagging import MAX_CHARACTERS, known_words
from belowline.stories.models import Site


class Tile(NamedTuple):
    """A rule to look at, with its small drawing."""

    spread: Spread
    outline: str
    threshold: float
    address: str


@require_safe
@never_cache
@allowed(Action.DECIDE_BATCH)
def show_bands(request: HttpRequest) -> HttpResponse:
    """Show the rule and the band that are asked for, or the rule that most of what waits has met."""
    return _page(request, said_in(request.GET))


@require_POST
@allowed(Action.DECIDE_BATCH)
@saved_or_said
def decide_band(request: HttpRequest) -> HttpResponse:
    """Do to the chosen comments what the button says; what is missing comes back with all that was typed."""
    said = said_in(request.POST)
    picked = {pk for text in request.POST.getlist("pick") for pk in read_ids(text)}
    left_out = set(read_ids(said.get("shown", ""))) - picked
    kept: dict[str, Any] = {
        "left_out": left_out,
        "picked": picked,
        "takes_unlisted": "unlisted" in said,
        "typed": {name: said.get(name, "") for name in TYPED},
    }
    if "more" in said:
        return _page(request, said | {"listed": str((parse_id(said.get("listed", "")) or PAGE) + PAGE)}, **kept)
    seen = read_seen(said.get("seen", ""))
    chosen = {pk: seen[pk] for pk in (seen.keys() - left_out if kept["takes_unlisted"] else seen.keys() & picked)}
    try:
        batch = act_on_many(moderator=staff_of(request), said=said, seen=chosen, chosen=said.get("chosen", ""))
    except DecidingError as error:
        return _page(request, said, status=422, problem=error.message, **kept)
    return redirect(reverse("desk-bands") + address_of(said, done=batch.pk))


def _page(request: HttpRequest, said: dict[str, str], *, status: int = 200, **extra: Any) -> HttpResponse:
    sites = list(sites_for(staff_of(request), Action.DECIDE_BATCH))
    site = next((one for one in sites if one.key == said.get("site", "")), sites[0] if sites else None)
    context: dict[str, Any] = {"sites": sites, "paper": site, "problem": extra.get("problem", "")}
    if site is not None:
        context |= _site_context(request, site, said, extra)
    return render(request, "desk/bands.html", context, status=status)


def _site_context(request: HttpRequest, site: Site, said: dict[str, str], extra: dict[str, Any]) -> dict[str, Any]:
    policy = site_policy(site)
    held = QueueEntry.objects.filter(queue=QueueEntry.Queue.HELD, site=site)
    entries = within(staff_of(request), Action.DECIDE_BATCH, held, site="site", section="section")
    sections = sorted(set(entries.values_list("section", flat=True)))
    if said.get("section"):
        entries = entries.filter(section=said["section"])
    waiting = read_waiting(entries)
    found = spreads(policy, waiting)
    spread = next((one for one in found if one.code == said.get("rule")), found[0])
    query = read_query(said, site=site.key, spread=spread)
    busy = entries.claimed(timezone.now()).exclude(claimed_by=staff_of(request)).values_list("comment_id", flat=True)
    selection = select(query, spread, waiting, busy=set(busy), policy=policy)
    listed = {row.comment.pk for row in selection.rows}
    takes_unlisted = extra.get("takes_unlisted", True)
    left_out = extra.get("left_out", set()) if takes_unlisted else listed - extra["picked"]
    return {
        "sections": sections,
        "waiting": len(waiting),
        "query": query,
        "spread": spread,
        "chart": band_chart(spread, query.band),
        "tiles": tiles(found, query),
        "unmet": sum(not one.met and one is not spread for one in found),
        "shortcuts": shortcuts(spread, query),
        "selection": selection,
        "seen": write_seen(selection.seen),
        "shown": " ".join(str(row.comment.pk) for row in selection.rows),
        "left_out": left_out,
        "takes_unlisted": takes_unlisted,
        "count": len((set(selection.seen) if takes_unlisted else listed) - left_out),
        "chosen": f"{spread.rule.title}, {query.band}"[:300],
        "orders": ORDERS,
        "choices": rule_choices(policy, spread.code),
        "typed": extra.get("typed", {}),
        "words": known_words(),
        "most": MAX_COMMENTS,
        "listed_most": LISTED_MOST,
        "max_characters": MAX_NOTE_CHARACTERS,
        "max_tag": MAX_CHARACTERS,
    }


def tiles(found: Sequence[Spread], query: BandQuery) -> list[Tile]:
    """Return the rules to look at; each opens with the band above its threshold."""
    return [
        Tile(
            spread,
            outline(spread.columns),
            small_edge(spread.rule.hold),
            query.address(**{"rule": spread.code, "from": "", "to": "", "unchecked": ""}),
        )
        for spread in found
    ]


class Shortcut(NamedTuple):
    """A band that is one click away."""

    words: str
    number: int
    address: str
    is_current: bool


def shortcuts(spread: Spread, query: BandQuery) -> list[Shortcut]:
    """Return bands that are often wanted, those without a comment left out."""
    hold = per_cent(spread.rule.hold)
    band = type(query.band)
    wanted = (
        ("From the threshold on", band(hold, 100)),
        ("Just below it", band(max(0, hold - 10), max(0, hold - 1))),
        ("The lowest fifth", band(0, 20)),
        ("All of it", band(0, 100)),
        ("Not checked", band(0, 100, is_unchecked=True)),
    )
    return [
        Shortcut(
            words,
            spread.count(one),
            query.address(**{"from": one.low, "to": one.high, "unchecked": "1" if one.is_unchecked else ""}),
            one == query.band,
        )
        for words, one in wanted
        if spread.count(one)
    ]


def rule_choices(policy: Policy, code: str) -> list[Choice]:
    """Return the rules to reject by, the one that is looked at first."""
    return sorted(choices(policy, None), key=lambda choice: choice.code != code)
