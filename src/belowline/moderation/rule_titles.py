"""The titles of rules for people, also of codes that the acting policy does not have."""

from django.utils.translation import gettext

from belowline.engine.decide import ENGINE_FAILED
from belowline.engine.policy import Policy
from belowline.moderation.premoderation import TITLES
from belowline.moderation.shipped_words import in_present_language


def reason_title(policy: Policy, code: str) -> str:
    """Return a rule's title; a rule of an earlier policy is named by its code."""
    if rule := policy.rules.get(code):
        return in_present_language(rule.title)
    if not code:
        return gettext("No rule named")
    if code in TITLES:
        return gettext(TITLES[code])
    return gettext("Checks not available") if code == ENGINE_FAILED else code.replace("_", " ").capitalize()
