"""The titles of rules for people, also of codes that the acting policy does not have."""

from django.utils.translation import gettext

from belowline.engine.decide import ENGINE_FAILED
from belowline.engine.policy import Policy
from belowline.moderation.premoderation import PREMODERATED, TITLE
from belowline.moderation.shipped_words import in_present_language


def reason_title(policy: Policy, code: str) -> str:
    """Return a rule's title; a rule of an earlier policy is named by its code."""
    if rule := policy.rules.get(code):
        return in_present_language(rule.title)
    if not code:
        return gettext("No rule named")
    known = {ENGINE_FAILED: gettext("Checks not available"), PREMODERATED: gettext(TITLE)}
    return known.get(code) or code.replace("_", " ").capitalize()
