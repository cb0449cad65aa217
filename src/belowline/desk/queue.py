"""The desk's queue: one comment at a time, claimed, with all that helps to decide, and the next one ready."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may_somewhere, within
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.card import card_context, list_rows
from belowline.desk.doors import seen_by, staff_of
from belowline.desk.views import moderators_only
from belowline.engine.policy import SCORE_NAMES
from belowline.moderation.actions.claim_comment import claim_comment
from belowline.moderation.claims import CALM, is_calm_due, worth_reading
from belowline.moderation.engine import site_policy
from belowline.moderation.queries import latest_by, with_history
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import (
    BY_RISK,
    BY_SCORE,
    NEWEST,
    OLDEST,
    VIEWS,
    Narrowed,
    ordered,
    viewed,
)
from belowline.moderation.rule_titles import reason_title
from belowline.stories.models import Site

LIST_LENGTH = 30
MOST_SKIPPED = 200
TITLES = {"held": "Held", "unchecked": "Unchecked", "new": "New commenters"}
ORDERS = {BY_RISK: "Risk, readers and waiting", OLDEST: "Oldest first", NEWEST: "Newest first"} | {
    f"{BY_SCORE}{name}": f"Score: {name.replace('_', ' ')}" for name in SCORE_NAMES
}


class Asked(NamedTuple):
    """What of a queue a moderator asks for."""

    view: str = "held"
    order: str = BY_RISK
    narrowed: Narrowed = Narrowed()

    @property
    def query(self) -> str:
        """The same as an address has it, without what is as ever."""
        named = {"queue": self.view, "order": self.order, **self.narrowed._asdict()}
        usual = {"queue": "held", "order": BY_RISK}
        return urlencode({name: value for name, value in named.items() if value and usual.get(name) != value})

    @property
    def is_narrowed(self) -> bool:
        """Whether something is left out."""
        return any(self.narrowed)


def read_asked(query: Mapping[str, Any]) -> Asked:
    """Read what is asked for from an address; nonsense is left out."""
    view, order = query.get("queue", ""), query.get("order", "")
    return Asked(
        view if view in VIEWS else "held",
        order if order in ORDERS else BY_RISK,
        Narrowed(
            site=_plain(query.get("site", "")),
            section=_plain(query.get("section", "")),
            language=_plain(query.get("language", "")),
            story=parse_id(query.get("story", "")),
            rule=_plain(query.get("rule", "")),
        ),
    )


def _plain(text: str) -> str:
    return text.replace("\x00", "")[:100]


@require_safe
@never_cache
@moderators_only
def show_queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, and one comment in full: the one asked for, or the first that nobody looks at."""
    moderator, asked = staff_of(request), read_asked(request.GET)
    offer = claim_next(moderator, asked, wanted=parse_id(request.GET.get("comment", "")))
    waiting = seen(moderator, viewed(asked.view, asked.narrowed))
    entries = list(ordered(waiting, asked.order).select_related(*BESIDE)[:LIST_LENGTH])
    if offer and offer.entry.pk not in {one.pk for one in entries}:
        entries.append(offer.entry)
    context = {
        "asked": asked,
        "title": TITLES[asked.view],
        "rows": list_rows(entries, moderator),
        "total": waiting.count(),
        "tabs": _tabs(moderator),
        "orders": ORDERS.items(),
        "choices_of": _facets(moderator, asked.view),
        "latest": latest_by(moderator),
        **(_card(moderator, offer, entries) if offer else {"current": None}),
    }
    return render(request, "desk/queue.html", context)


BESIDE = ("comment__author", "claimed_by", "site")


@require_safe
@never_cache
@moderators_only
def show_card(request: HttpRequest) -> HttpResponse:
    """Answer with the card alone: of the comment asked for, or of the next one, so that it is there when it is needed.

    `beside` names the comment that the moderator looks at now: it stays theirs. `skip` are comments put off for later.
    """
    moderator, asked = staff_of(request), read_asked(request.GET)
    skip = [found for one in request.GET.get("skip", "").split(",")[:MOST_SKIPPED] if (found := parse_id(one))]
    beside = parse_id(request.GET.get("beside", ""))
    wanted = parse_id(request.GET.get("comment", ""))
    offer = claim_next(moderator, asked, wanted=wanted, beside=beside, skip=skip)
    if offer is None:
        return HttpResponse(status=204)
    return render(request, "desk/_card.html", _card(moderator, offer, []) | {"asked": asked, "is_alone": True})


@require_safe
@never_cache
@moderators_only
def show_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show one comment in whatever state, with what can be done about it."""
    moderator = staff_of(request)
    comment = get_object_or_404(with_history(seen_by(moderator, Comment.objects.all())), pk=comment_id)
    entry = None
    if comment.status == Comment.Status.HELD and may_somewhere(moderator, Action.DECIDE):
        entry = claim_comment(moderator=moderator, entries=any_held(), wanted=comment_id)
    context = card_context(comment, entry, moderator) | {"stays": True}
    return render(request, "desk/comment.html", context)


def seen(user: User, entries: QuerySet[QueueEntry]) -> QuerySet[QueueEntry]:
    """Return the entries that somebody may read."""
    return within(user, Action.SEE_DESK, entries, site="site", section="section")


def any_held() -> Any:
    """Return the entries of held comments at whatever desk they wait."""
    return QueueEntry.objects.filter(comment__status=Comment.Status.HELD)


class Offer(NamedTuple):
    """What a moderator looks at next."""

    entry: QueueEntry
    is_calm: bool = False
    """It comes before its turn, so that no hour is nothing but bile."""
    good: Comment | None = None
    """Where nothing calm waits: something good to read, that readers see already."""


def claim_next(
    moderator: User,
    asked: Asked,
    *,
    wanted: int | None = None,
    beside: int | None = None,
    skip: Sequence[int] = (),
) -> Offer | None:
    """Claim the wanted comment where it waits, or the first free one; from time to time a calm one."""
    if not may_somewhere(moderator, Action.DECIDE):
        return _to_read(moderator, asked, wanted)
    kept = [beside] if beside else []
    if wanted is not None:
        found = claim_comment(moderator=moderator, entries=any_held(), wanted=wanted, beside=kept)
        if found is not None:
            return Offer(found)
    entries = ordered(viewed(asked.view, asked.narrowed).exclude(comment__in=skip), asked.order)
    is_due = asked.order == BY_RISK and is_calm_due(moderator, ahead=len(kept))
    if is_due and (calm := claim_comment(moderator=moderator, entries=entries.filter(risk__lte=CALM), beside=kept)):
        return Offer(calm, is_calm=True)
    found = claim_comment(moderator=moderator, entries=entries, beside=kept)
    return Offer(found, good=worth_reading(moderator) if is_due else None) if found else None


def _to_read(reader: User, asked: Asked, wanted: int | None) -> Offer | None:
    """Return the wanted comment, or the first, for somebody who only reads: nobody else loses it."""
    entries = seen(reader, viewed(asked.view, asked.narrowed))
    found = seen(reader, any_held()).filter(comment=wanted).first() if wanted is not None else None
    found = found or ordered(entries, asked.order).first()
    return Offer(found) if found else None


def _card(moderator: User, offer: Offer, entries: list[QueueEntry]) -> dict[str, Any]:
    """Return the template's context for a claimed comment, with its neighbours in the list."""
    entry, now = offer.entry, timezone.now()
    comment = with_history(Comment.objects.filter(pk=entry.comment_id)).get()
    ids = [one.comment_id for one in entries if not one.is_with_another(moderator.pk, now) or one.pk == entry.pk]
    place = ids.index(entry.comment_id) if entry.comment_id in ids else 0
    return card_context(comment, entry, moderator) | {
        "previous": ids[place - 1] if place else None,
        "following": next((one for one in ids[place + 1 :] + ids[:place] if one != entry.comment_id), None),
        "is_calm": offer.is_calm,
        "good": offer.good,
    }


def _tabs(user: User) -> list[tuple[str, str, int]]:
    """Return the views with their titles and how much waits in each."""
    held = seen(user, QueueEntry.objects.filter(VIEWS["held"]))
    counts = held.aggregate(
        held=Count("pk"),
        unchecked=Count("pk", filter=Q(is_unchecked=True)),
        new=Count("pk", filter=Q(is_first=True)),
    )
    return [(view, title, counts[view]) for view, title in TITLES.items()]


def _facets(user: User, view: str) -> dict[str, list[tuple[str, str]]]:
    """Return what a view can be narrowed to: the values that there are, with their names."""
    rows = list(seen(user, viewed(view)).order_by().values_list("site", "section", "language", "rule").distinct())
    sites = Site.objects.in_bulk({site for site, *_ in rows})
    policies = {key: site_policy(site) for key, site in sites.items()}
    return {
        "site": sorted({(site.key, site.name) for site in sites.values()}),
        "section": sorted({(section, section) for _, section, _, _ in rows if section}),
        "language": sorted({(language, language) for _, _, language, _ in rows if language}),
        "rule": sorted({(rule, reason_title(policies[site], rule)) for site, _, _, rule in rows if rule}),
    }
