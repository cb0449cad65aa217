"""What differs between two policies, place by place and in words: for those who must understand a change.

All of it, also what readers must not see: words of lists, rules on trial, guidance. moderation.rule_changes tells
readers what changed for them, in their language.
"""

from typing import Any, NamedTuple

import msgspec

from belowline.engine.policy import Policy, Rule, Settings

MAX_TERMS = 12
"""So many words of a list are named; of more, the rest is counted."""
WORDS = {
    "title": "title",
    "for_readers": "words for readers",
    "for_moderators": "words for moderators",
    "explanation": "sentence for authors",
}
LABELS = {
    "hold": "held from",
    "hold_in": "held from in sections",
    "reject": "rejected from",
    "score": "score",
    "sections": "sections",
    "desk": "desk",
}
NO_REJECT = "never"
NO_SECTION = "no section"
"""Stories without one, which a policy writes as ""."""
ALL_SECTIONS = "all"


class PolicyChange(NamedTuple):
    """One thing that differs."""

    place: str
    """A rule's title, or the part of the policy."""
    code: str
    """The rule's code; empty elsewhere."""
    what: str
    before: str
    """Empty: it was not there."""
    after: str
    """Empty: it is not there any longer."""

    @property
    def words(self) -> str:
        """All of it in one line."""
        values = f"{self.before or '(nothing)'} → {self.after or '(nothing)'}"
        return f"{self.code or self.place}: {self.what} {values}"


def policy_changes(before: Policy, after: Policy) -> list[PolicyChange]:
    """Return what differs: rules first, in the new policy's order, then settings and the words of the whole.

    None does where the texts differ in layout and remarks alone.
    """
    found: list[PolicyChange] = []
    for code, rule in after.rules.items():
        old = before.rules.get(code)
        found += _rule_changes(code, old, rule) if old else [PolicyChange(rule.title, code, "new rule", "", acts(rule))]
    found += [
        PolicyChange(rule.title, code, "rule taken out", acts(rule), "")
        for code, rule in before.rules.items()
        if code not in after.rules
    ]
    found += _settings_changes(before.settings, after.settings)
    for name, what in (("name", "name"), ("sentence", "sentence under every article")):
        old_words, new_words = getattr(before, name), getattr(after, name)
        if old_words != new_words:
            found.append(PolicyChange("The policy", "", what, old_words, new_words))
    return found


def acts(rule: Rule) -> str:
    """Return in a few words from which score in [0, 1] on a rule acts, and how."""
    words = f"held from {rule.hold:g}"
    if rule.reject is not None:
        words += f", rejected from {rule.reject:g}"
    words += f" of {rule.score.replace('_', ' ')}"
    return f"{words}, in the background" if rule.background else words


def _rule_changes(code: str, old: Rule, new: Rule) -> list[PolicyChange]:
    pairs = [(label, _shown(name, old), _shown(name, new)) for name, label in LABELS.items()]
    pairs += [
        ("when unchecked", _unchecked(old), _unchecked(new)),
        ("works", _works(old), _works(new)),
        *((what, getattr(old, name), getattr(new, name)) for name, what in WORDS.items()),
        ("statement of reasons", _statement(old), _statement(new)),
    ]
    return [PolicyChange(new.title, code, what, was, now) for what, was, now in pairs if was != now]


def _shown(name: str, rule: Rule) -> str:
    value: Any = getattr(rule, name)
    if isinstance(value, dict):
        return ", ".join(f"{section or NO_SECTION} {hold:g}" for section, hold in sorted(value.items()))
    if isinstance(value, tuple):
        return ", ".join(value) or ALL_SECTIONS
    return NO_REJECT if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _unchecked(rule: Rule) -> str:
    if rule.unchecked != "hold":
        return "ignored"
    return f"held, but for {', '.join(rule.ignore_unchecked)}" if rule.ignore_unchecked else "held"


def _statement(rule: Rule) -> str:
    terms = rule.statement
    parts = (terms.category, terms.keyword, terms.keyword_text, "illegal" if terms.illegal else "", terms.legal_ground)
    return ", ".join(filter(None, parts))


def _works(rule: Rule) -> str:
    return "in the background" if rule.background else "acts"


def _settings_changes(before: Settings, after: Settings) -> list[PolicyChange]:
    found = []
    for field in msgspec.structs.fields(Settings):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new:
            continue
        what = field.name.replace("_", " ")
        shown = _lists(old, new) if isinstance(new, tuple) else (_plain(old), _plain(new))
        found.append(PolicyChange("Settings", "", what, *shown))
    return found


def _lists(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, str]:
    """Return what is only in the one and only in the other; all, where just the order differs."""
    gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
    if not gone and not come:
        gone, come = list(old), list(new)
    return _terms(gone), _terms(come)


def _terms(terms: list[str]) -> str:
    shown = ", ".join(terms[:MAX_TERMS])
    return f"{shown} and {len(terms) - MAX_TERMS:,} more" if len(terms) > MAX_TERMS else shown


def _plain(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else f"{value}"
