"""A restriction becomes a statement of reasons.

The facts are made of rules and steps alone: no text of the comment, no name, nothing that a moderator wrote to the
author. docs/reference/statements.md says for each field where it comes from.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from belowline.engine.policy import Policy, Rule
from belowline.engine.statement_terms import OTHER, UNMAPPED, StatementTerms
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Decision, PolicyVersion
from belowline.moderation.premoderation import NO_RULES
from belowline.moderation.statements.record import (
    CATEGORY_PREFIX,
    EEA,
    ILLEGAL,
    INCOMPATIBLE,
    KEYWORD_PREFIX,
    AutomatedDecision,
    SourceType,
    Statement,
    Visibility,
)
from belowline.moderation.statements.restrictions import Restriction
from belowline.stories.models import Site

VISIBILITY: dict[str, Visibility] = {
    Decision.Outcome.REJECT: "DECISION_VISIBILITY_CONTENT_DISABLED",
    Decision.Outcome.REMOVE: "DECISION_VISIBILITY_CONTENT_REMOVED",
}
SOURCES: dict[str, SourceType] = {
    Decision.Source.OWN: "SOURCE_VOLUNTARY",
    Decision.Source.REPORT: "SOURCE_TYPE_OTHER_NOTIFICATION",
    Decision.Source.NOTICE: "SOURCE_ARTICLE_16",
}
STEPS = {
    "engine": "The site's own software checked the comment before it was published, found that it breaks this rule, "
    "and rejected it. Nobody looked at it before that.",
    "both": "The site's own software checked the comment before it was published and held it; a moderator read it and "
    "decided not to publish it.",
    "reject": "A moderator read the comment before it was published and decided not to publish it.",
    "remove": "The comment had been published; a moderator read it and removed it.",
}
SOURCE_WORDS: dict[str, str] = {
    Decision.Source.OWN: "The site acted on its own initiative.",
    Decision.Source.REPORT: "A reader had reported the comment.",
    Decision.Source.NOTICE: "Somebody had given notice that the comment is illegal.",
}
REDRESS = (
    "The author was told, and may contest the decision with the site, free of charge, for at least six months, where a "
    "person decides; out-of-court dispute settlement and the courts are open to them as well."
)


class Builder:
    """Makes statements; keeps the policies that it has read."""

    def __init__(self) -> None:
        self._policies: dict[tuple[int, str], Policy] = {}

    def build(self, restriction: Restriction) -> Statement:
        """Return the statement of reasons of a restriction."""
        decision, site = restriction.decision, restriction.decision.comment.story.site
        reason = decision.first_reason or {}
        rule = self._rule(site, decision.policy, str(reason.get("rule", "")))
        terms = rule.statement if rule else UNMAPPED
        title = str(reason.get("title") or (rule.title if rule else "")).strip() or "A rule of the site"
        return Statement(
            decision_visibility=(VISIBILITY[decision.outcome],),
            decision_facts=_facts(restriction, title),
            decision_ground_reference_url=_rules_url(site),
            **_ground(_law(terms, reason), title, rule),
            **_categories(terms, title, [self._category(site, decision, other) for other in decision.reasons[1:]]),
            content_type=("CONTENT_TYPE_TEXT",),
            content_language=_language(restriction),
            content_date=_day(decision.comment.created_at),
            application_date=_day(decision.created_at),
            end_date_visibility_restriction=_day(restriction.ended_at) if restriction.ended_at else None,
            territorial_scope=EEA,
            source_type=SOURCES[decision.source],
            automated_detection="Yes" if machine_found(restriction) else "No",
            automated_decision=automation(restriction),
            puid=puid_of(decision),
        )

    def is_illegal(self, decision: Decision) -> bool:
        """Say whether a decision rests on the law, and not on the terms alone."""
        reason = decision.first_reason or {}
        rule = self._rule(decision.comment.story.site, decision.policy, str(reason.get("rule", "")))
        return bool(_law(rule.statement if rule else UNMAPPED, reason))

    def _rule(self, site: Site, version: str, code: str) -> Rule | None:
        """Return the rule as it stood when it was decided; where that policy is not kept, as it stands now."""
        key = (site.pk, version)
        if key not in self._policies:
            kept = PolicyVersion.objects.filter(site=site, version=version).order_by("-id").first()
            self._policies[key] = kept.parse() if kept else site_policy(site)
        return self._policies[key].rules.get(code)

    def _category(self, site: Site, decision: Decision, reason: dict[str, Any]) -> str | None:
        """Return the category of a further reason, where the decision rests on it as well."""
        if reason.get("outcome") != decision.outcome:
            return None
        rule = self._rule(site, decision.policy, str(reason.get("rule", "")))
        return CATEGORY_PREFIX + (rule.statement if rule else UNMAPPED).category


def puid_of(decision: Decision) -> str:
    """Return the statement's number: the same for good, another for every decision, and telling nothing of anybody.

    The key of the author's form goes into it, which nobody else knows: so it cannot be worked out from what is public.
    """
    parts = (str(decision.pk), decision.created_at.isoformat(), decision.comment.idempotency_key)
    return f"belowline-{hashlib.sha256('/'.join(parts).encode()).hexdigest()[:40]}"


def machine_found(restriction: Restriction) -> bool:
    """Say whether the engine had named the comment, by measuring: then it was detected automatically."""
    decision = restriction.decision
    if decision.maker == Decision.Maker.ENGINE:
        return True
    if decision.outcome == Decision.Outcome.REMOVE or decision.source != Decision.Source.OWN:
        return False
    judged = next((row for row in reversed(restriction.before) if row.maker == Decision.Maker.ENGINE), None)
    return judged is not None and any(
        reason.get("score") is not None and reason.get("rule") not in NO_RULES for reason in judged.reasons
    )


def automation(restriction: Restriction) -> AutomatedDecision:
    """Say how much of the decision was the machine's."""
    if restriction.decision.maker == Decision.Maker.ENGINE:
        return "AUTOMATED_DECISION_FULLY"
    return "AUTOMATED_DECISION_PARTIALLY" if machine_found(restriction) else "AUTOMATED_DECISION_NOT_AUTOMATED"


def _facts(restriction: Restriction, title: str) -> str:
    decision = restriction.decision
    if decision.maker == Decision.Maker.ENGINE:
        steps = STEPS["engine"]
    else:
        steps = STEPS["both" if machine_found(restriction) else decision.outcome]
    rule = f"A reader's comment under an article. The rule: “{title[:500]}”."
    return " ".join((rule, steps, SOURCE_WORDS[decision.source], REDRESS))


def _law(terms: StatementTerms, reason: dict[str, Any]) -> str:
    """Return the law that the moderator named, or the rule does; empty: it is about the terms alone."""
    return str(reason.get("legal_ground", "")).strip() or terms.legal_ground


def _ground(law: str, title: str, rule: Rule | None) -> dict[str, Any]:
    words = (rule.for_readers if rule else title)[:2_000]
    if law:
        why = f"It is against this law, and breaks the site's rule “{title[:500]}”: {words}"
        return {
            "decision_ground": ILLEGAL,
            "illegal_content_legal_ground": law[:500],
            "illegal_content_explanation": why[:2_000],
        }
    return {
        "decision_ground": INCOMPATIBLE,
        "incompatible_content_ground": f"The rule “{title}” of the site"[:500],
        "incompatible_content_explanation": words,
    }


def _categories(terms: StatementTerms, title: str, others: list[str | None]) -> dict[str, Any]:
    category = CATEGORY_PREFIX + terms.category
    more = tuple(dict.fromkeys(other for other in others if other and other != category))
    return {
        "category": category,
        "category_addition": more or None,
        "category_specification": (KEYWORD_PREFIX + terms.keyword,),
        "category_specification_other": (terms.keyword_text or title)[:500] if terms.keyword == OTHER else None,
    }


def _language(restriction: Restriction) -> str | None:
    """Return the language that the engine found, where it has a code of two letters."""
    decisions = (restriction.decision, *reversed(restriction.before))
    found = next((row.language for row in decisions if row.language), "").upper()
    return found if len(found) == 2 and found.isascii() and found.isalpha() else None  # noqa: PLR2004 - ISO 639-1


def _rules_url(site: Site) -> str | None:
    address = f"{settings.BASE_URL}/faq/{site.key}/"
    return address if len(address) <= 500 else None  # noqa: PLR2004 - the database's limit


def _day(time: datetime) -> str:
    return timezone.localdate(time).isoformat()
