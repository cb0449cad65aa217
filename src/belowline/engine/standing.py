"""Which rules of a policy some scores meet, and with what outcome: the one place where that is decided.

`decide` makes sentences for people of it; a rehearsal only counts. So both always say the same.
"""

from collections.abc import Mapping
from typing import NamedTuple

from belowline.engine.decision import Outcome
from belowline.engine.policy import Policy, Rule

OFF_TOPIC = "off_topic"
OUTCOMES = (Outcome.PUBLISH, Outcome.HOLD, Outcome.REJECT)
"""From the mildest to the gravest; a rank is a place in here."""
HELD, REJECTED = 1, 2
NEVER = 2.0
"""The `reject` of a rule that rejects nothing: above every score."""
Scores = Mapping[str, float | None]
"""Score by name in [0, 1]; None, or no entry: unchecked."""
Causes = Mapping[str, str]
"""Why a score is unchecked, by name."""


class Look(NamedTuple):
    """What is needed of a rule to apply it in one section."""

    code: str
    rule: Rule
    score: str
    hold: float
    reject: float


class Met(NamedTuple):
    """A rule that was met: the rank of its outcome, and the threshold in [0, 1] that was reached."""

    code: str
    rank: int
    threshold: float
    is_measured: bool
    """False: the score could not be computed, and the rule holds then."""


class Verdict(NamedTuple):
    """The rank of the outcome, the acting rules that were met, and those in the background."""

    rank: int
    met: list[Met]
    noted: list[Met]


class Standing:
    """A policy, made ready to be applied to many comments."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._looks: dict[tuple[str, bool], list[Look]] = {}

    def judge(
        self, scores: Scores, section: str = "", causes: Causes | None = None, *, judges_topic: bool = True
    ) -> Verdict:
        """Apply every rule; the gravest outcome wins.

        `causes` says why scores are unchecked, where that is known. `judges_topic` False: an editor has said that
        nothing is off topic under this story. A comment that is of another kind, such as a correction, is not off topic
        either.
        """
        met: list[Met] = []
        noted: list[Met] = []
        is_other_kind = False
        for look in self._looking(section, judges_topic=judges_topic):
            value = scores.get(look.score)
            if value is None:
                if not look.rule.holds_unchecked((causes or {}).get(look.score, "")):
                    continue
                found = Met(look.code, HELD, look.hold, is_measured=False)
            elif value >= look.reject:
                found = Met(look.code, REJECTED, look.reject, is_measured=True)
            elif value >= look.hold:
                found = Met(look.code, HELD, look.hold, is_measured=True)
            else:
                continue
            (noted if look.rule.background else met).append(found)
            is_other_kind |= found.is_measured and look.rule.stands_for_off_topic
        if is_other_kind:
            met = [one for one in met if not one.is_measured or self.policy.rules[one.code].score != OFF_TOPIC]
        return Verdict(max((one.rank for one in met), default=0), met, noted)

    def _looking(self, section: str, *, judges_topic: bool) -> list[Look]:
        """Return the rules that look at comments here."""
        key = section, judges_topic
        if key not in self._looks:
            self._looks[key] = [
                _look(code, rule, section)
                for code, rule in self.policy.rules.items()
                if rule.applies_to(section) and (judges_topic or rule.score != OFF_TOPIC)
            ]
        return self._looks[key]


def _look(code: str, rule: Rule, section: str) -> Look:
    reject = rule.reject_from(section)
    return Look(code, rule, rule.score, rule.hold_from(section), NEVER if reject is None else reject)
