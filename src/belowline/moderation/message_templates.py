"""Message templates: which fit a comment and its author's language, and how their gaps are filled."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import override

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.engine import site_policy
from belowline.moderation.languages import reader_language
from belowline.moderation.shipped_words import in_present_language
from belowline.moderation.team_models import MessageTemplate
from belowline.stories.models import Site

GAPS = ("name", "rule", "story")
"""What {…} stands for: the author's display name, the rule's title, the article's title."""
GAP = re.compile(r"\{(\w+)\}")


class Offer(NamedTuple):
    """A template as it is offered for one author: its gaps are filled."""

    pk: int
    title: str
    rule: str
    """The code of the rule that it is for; empty: for any."""
    rule_title: str
    language: str
    text: str


def templates_at(site: Site | None) -> QuerySet[MessageTemplate]:
    """Return the templates of a site and those for all sites, by rule and title."""
    return MessageTemplate.objects.filter(Q(site=site) | Q(site=None)).order_by("rule", "language", "title")


def offers_for(user: User, site: Site, comment: Comment | None = None) -> list[Offer]:
    """Return the templates for writing to somebody, those in their language first; others where there is none."""
    language = reader_language(user, site)
    found = list(templates_at(site))
    theirs = [one for one in found if one.language.partition("-")[0] == language.partition("-")[0]]
    return [_offer(one, user, site, comment) for one in theirs or found]


def text_for(template_id: int | None, user: User, site: Site, comment: Comment | None = None) -> str:
    """Return a template's words for somebody, its gaps filled; empty: there is none with this number here."""
    row = templates_at(site).filter(pk=template_id).first() if template_id is not None else None
    return _offer(row, user, site, comment).text if row else ""


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Fill the gaps of a text; what is no gap of ours stays as it stands."""
    return GAP.sub(lambda match: facts.get(match[1], match[0]), text)


def unknown_gaps(text: str) -> list[str]:
    """Return the names in braces that stand for nothing."""
    return [name for name in GAP.findall(text) if name not in GAPS]


def rule_titles(sites: Iterable[Site]) -> dict[str, str]:
    """Return the rules that templates can be for: code to title, over all these sites."""
    return {code: rule.title for site in sites for code, rule in site_policy(site).rules.items()}


def _offer(row: MessageTemplate, user: User, site: Site, comment: Comment | None) -> Offer:
    rule = site_policy(site).rules.get(row.rule)
    with override(row.language):
        title = in_present_language(rule.title) if rule else ""
    facts = {"name": user.display_name, "story": str(comment.story) if comment else ""}
    if title:
        facts["rule"] = title
    return Offer(
        row.pk, row.title, row.rule, rule.title if rule else row.rule, row.language, fill(row.text_source, facts)
    )
