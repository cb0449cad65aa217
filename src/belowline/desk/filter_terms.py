"""What a filter lets through: as addresses have it, as forms offer it, and in words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.http import urlencode

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, sites_for
from belowline.comments.ids import parse_id
from belowline.desk.queue import seen
from belowline.moderation.engine import site_policy
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import Narrowed
from belowline.moderation.rule_titles import reason_title
from belowline.stories.models import Section, Site, Story

CHARACTERS = 100
RECENT = timedelta(days=30)
"""Sections of stories as new as that are offered, and those that have a word of their own, or where something waits."""


class Facet(NamedTuple):
    """One of the things by which a filter chooses."""

    name: str
    title: str
    options: list[tuple[str, str]]
    """Value and words; without the one that lets everything through."""
    chosen: str


def read_terms(query: Mapping[str, Any]) -> Narrowed:
    """Read what an address or a form asks for; nonsense lets everything through."""
    return Narrowed(
        site=_plain(query.get("site", "")),
        section=_plain(query.get("section", "")),
        language=_plain(query.get("language", "")),
        story=parse_id(query.get("story", "")),
        rule=_plain(query.get("rule", "")),
    )


def _plain(text: str) -> str:
    return text.replace("\x00", "")[:CHARACTERS]


def terms_query(terms: Narrowed) -> str:
    """Return the terms as an address has them."""
    return urlencode({name: value for name, value in terms._asdict().items() if value})


def term_words(terms: Narrowed) -> str:
    """Return the terms in words: "Sport, in de, Links"; empty: everything."""
    story = Story.objects.filter(pk=terms.story).only("title", "key").first() if terms.story else None
    site = Site.objects.filter(key=terms.site).first() if terms.site else None
    named = (
        site.name if site else terms.site,
        terms.section,
        f"in {terms.language}" if terms.language else "",
        f"“{story}”" if story else "",
        _rule_title(terms.rule, site) if terms.rule else "",
    )
    return ", ".join(part for part in named if part)


def _rule_title(code: str, site: Site | None) -> str:
    first = site or Site.objects.order_by("pk").first()
    return reason_title(site_policy(first), code) if first else code


def facets(terms: Narrowed, user: User) -> list[Facet]:
    """Return what a filter can choose by, of what somebody may see.

    What is chosen is offered even where nothing has it any more.
    """
    sites: list[Site] = list(sites_for(user, Action.SEE_DESK))
    rows = seen(user, QueueEntry.objects.order_by())
    rules = {code: rule.title for site in sites for code, rule in site_policy(site).rules.items()}
    rules |= {code: _rule_title(code, None) for code in _values(rows, "rule") if code not in rules}
    found = [
        Facet("site", "Site", [(site.key, site.name) for site in sites], terms.site),
        Facet("section", "Section", [(name, name) for name in _sections(sites, rows)], terms.section),
        Facet("language", "Language", [(code, code) for code in _languages(sites, rows)], terms.language),
        Facet("rule", "Rule", sorted(rules.items(), key=lambda one: one[1]), terms.rule),
    ]
    return [facet._replace(options=_with_chosen(facet)) for facet in found]


def _with_chosen(facet: Facet) -> list[tuple[str, str]]:
    is_there = not facet.chosen or any(value == facet.chosen for value, _ in facet.options)
    return facet.options if is_there else [*facet.options, (facet.chosen, facet.chosen)]


def _sections(sites: list[Site], rows: QuerySet[QueueEntry]) -> list[str]:
    since = timezone.now() - RECENT
    recent = Story.objects.filter(site__in=sites, published_at__gte=since).order_by()
    named = Section.objects.filter(site__in=sites).exclude(name="").values_list("name", flat=True)
    return sorted({*_values(recent, "section"), *named, *_values(rows, "section")})


def _languages(sites: list[Site], rows: QuerySet[QueueEntry]) -> list[str]:
    known = {code for site in sites for code in site_policy(site).settings.languages}
    return sorted({*known, *_values(rows, "language")})


def _values(rows: Any, column: str) -> list[str]:
    return [value for value in rows.values_list(column, flat=True).distinct() if value]
