"""The rules of a policy in words, as the desk shows them."""

from typing import NamedTuple

from belowline.engine.policy import Policy, Rule


class RuleRow(NamedTuple):
    """A rule as the page lists it."""

    code: str
    title: str
    for_readers: str
    words: str
    """What happens from which score on."""
    where: str
    """The sections; empty: everywhere."""
    is_background: bool


def rule_rows(policy: Policy) -> list[RuleRow]:
    """Return the rules in the policy's order."""
    return [
        RuleRow(code, rule.title, rule.for_readers, rule_words(rule), ", ".join(rule.sections), rule.background)
        for code, rule in policy.rules.items()
    ]


def rule_words(rule: Rule) -> str:
    """Return one or two sentences: from which score on who does what, and what happens where nothing was measured."""
    score = f"“{rule.score.replace('_', ' ')}”"
    if rule.background:
        return f"Counted from {rule.hold:g} of {score} on; decides nothing."
    words = f"A person decides from {rule.hold:g} of {score} on."
    if rule.reject == rule.hold:
        words = f"The machine rejects from {rule.hold:g} of {score} on."
    elif rule.reject is not None:
        words = f"A person decides from {rule.hold:g} of {score} on; from {rule.reject:g} on, the machine rejects."
    return f"{words} Ignored where the score could not be computed." if rule.unchecked == "ignore" else words
