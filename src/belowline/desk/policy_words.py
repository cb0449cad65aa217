"""The rules of a policy in words, as the desk shows them."""

from typing import NamedTuple

from belowline.engine.policy import DESKS, Policy, Rule


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
        does = "Counted" if rule.is_on_trial else f"Listed for the {rule.desk} desk"
        return f"{does} from {rule.hold:g} of {score} on; decides nothing.{_elsewhere(rule)}"
    words = f"A person decides from {rule.hold:g} of {score} on."
    if rule.reject == rule.hold:
        words = f"The machine rejects from {rule.hold:g} of {score} on."
    elif rule.reject is not None:
        words = f"A person decides from {rule.hold:g} of {score} on; from {rule.reject:g} on, the machine rejects."
    if rule.desk != DESKS[0]:
        words += f" It goes to the {rule.desk} desk."
    return words + _elsewhere(rule) + _ignored(rule)


def _elsewhere(rule: Rule) -> str:
    """Return where another number acts; a `reject` below it is raised to it."""
    places = [f"in {section or 'no section'} from {hold:g}" for section, hold in rule.hold_in.items()]
    return f" Elsewhere: {', '.join(places)}." if places else ""


def _ignored(rule: Rule) -> str:
    """Return when a score that could not be computed holds nothing."""
    if rule.unchecked == "ignore":
        return " Ignored where the score could not be computed."
    causes = ", ".join(cause.replace("_", " ") for cause in rule.ignore_unchecked)
    return f" Ignored where the score could not be computed for: {causes}." if causes else ""
