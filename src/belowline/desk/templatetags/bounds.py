"""Shares and rules in words: {{ rate|share }}, {{ code|rule_title:policy }}."""

from django import template

from belowline.desk.bound_chart import percent
from belowline.engine.policy import Policy

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """Return a share in [0, 1] as per cent with up to three digits; a dash where there is none."""
    return "–" if value is None else percent(value)


@register.filter
def rule_title(code: str, policy: Policy) -> str:
    """Return a rule's title, or its code where the policy that acts does not have it any more."""
    rule = policy.rules.get(code)
    return rule.title if rule else code
