"""What the answers about writing a comment are made of."""

from typing import Any

from django.conf import settings

from belowline.accounts.models import SsoKey
from belowline.engine.policy import ABUSE_SCORES, Rule
from belowline.moderation.faq.facts import Facts, links_allowed, rule_facts
from belowline.moderation.faq.languages import language_names
from belowline.moderation.faq.words import listed, section_words

Context = dict[str, Any]
ABUSE = tuple(score for score in ABUSE_SCORES if score != "spam")
TERMS = {"banned_word": "banned_words", "watched_word": "watched_words"}
"""Score -> the setting that holds its list."""


def rules(facts: Facts) -> Context:
    """Every rule that readers are told of, in their words; a list of words by its length alone."""
    lists = {score: len(getattr(facts.policy.settings, name)) for score, name in TERMS.items()}
    told = facts.told
    return {"rules": [(rule, lists.get(told[rule.code].score)) for rule in rule_facts(told.items())]}


def on_topic(facts: Facts) -> Context:
    """The rules about the subject, what an author can say, and where an editor has switched the check off."""
    return {
        "rules": facts.rules_on("off_topic"),
        "explanations": facts.offers.explanations,
        "unjudged": facts.figures.unjudged_topics,
    }


def abusive(facts: Facts) -> Context:
    """The rules that look at abuse."""
    return {"rules": facts.rules_on(*ABUSE)}


def criticism(facts: Facts) -> Context:
    """The rules about insults, which hold for everybody."""
    return {"rules": facts.rules_on("insult")}


def who_may_comment(facts: Facts) -> Context:
    """What an account needs, and by which ways this server and this site let readers in."""
    return {
        "password_min": facts.limits.password_min,
        "passkeys": facts.offers.passkeys,
        "providers": listed(provider_names()),
        "by_paper": SsoKey.objects.filter(site=facts.site, retired_at=None).exists(),
        "requires_email": facts.site.requires_verified_email,
    }


def provider_names() -> list[str]:
    """Return what other providers are called on the sign-in page."""
    configured: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    return [str(app.get("name") or key.title()) for key, one in configured.items() for app in one["APPS"]]


def names(facts: Facts) -> Context:
    """How long a display name may be."""
    return {"shortest": facts.limits.name_min, "longest": facts.limits.name_max}


def length(facts: Facts) -> Context:
    """Characters, pace, links and languages: by the settings and the rules that look at them, or no limit at all."""
    settings = facts.policy.settings
    links = [
        (rule, where, *_links(settings.max_links, hold, reject))
        for rule in facts.rules_on("links")
        for where, hold, reject in _thresholds(facts.rules[rule.code])
    ]
    return {
        "max_characters": facts.limits.max_characters,
        "limits": facts.limits,
        "links": links,
        "own_domains": listed(list(settings.own_domains)),
        "languages": language_names(settings.languages),
        "language_rules": facts.rules_on("other_language"),
    }


def _thresholds(rule: Rule) -> list[tuple[str, float, float | None]]:
    """Return where it acts ("": everywhere else), from which score on it holds, and from which on it rejects."""
    places = [(section_words(section), hold, rule.reject_from(section)) for section, hold in rule.hold_in.items()]
    return [("", rule.hold, rule.reject), *places]


def _links(max_links: int, hold: float, reject: float | None) -> tuple[int | None, int | None]:
    """Return how many links are let through (None: any), and from how many on the machine rejects (None: never)."""
    allowed = links_allowed(max_links, hold)
    kept = None if reject is None else links_allowed(max_links, reject)
    return allowed, None if kept is None else kept + 1


def repeating(facts: Facts) -> Context:
    """The rules about repetition and how far back they look, and those about pasted text."""
    return {
        "rules": facts.rules_on("repetition"),
        "days": facts.limits.compared_days,
        "pasting": facts.rules_on("copy_paste"),
    }
