"""A rehearsal: what another policy would have made of past comments, beside what the present one makes of them.

Pure counting, comment by comment, in constant memory. `Standing` gives the outcome, as it does in `decide`.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

from belowline.engine.decision import Outcome
from belowline.engine.policy import Policy, Rule
from belowline.engine.standing import OUTCOMES, Causes, Scores, Standing, Verdict

BINS = 20
"""Stretches of equal width in which the scores of a changed rule are counted."""
MOST = 200
"""At most so many comments that change sides are listed; all are counted."""

Kind = Literal["bad_eased", "good_stopped", "unseen_stopped", "unseen_eased", "good_eased", "bad_stopped"]
"""A change of sides. *good*: moderators had published it; *bad*: they had refused it; *unseen*: nobody had looked.
*Stopped*: the new outcome is graver; *eased*: it is milder."""
KIND_WORDS: dict[Kind, str] = {
    "bad_eased": "Milder, though moderators had refused it",
    "good_stopped": "Stricter, though moderators had published it",
    "unseen_stopped": "Stricter; no person has looked at it",
    "unseen_eased": "Milder; no person has looked at it",
    "good_eased": "Milder, as moderators had decided",
    "bad_stopped": "Stricter, as moderators had decided",
}
KINDS: tuple[Kind, ...] = tuple(KIND_WORDS)
"""The worst first: the last two are what one hopes for."""


class Case(NamedTuple):
    """A past comment as the two policies' signals measure it."""

    key: str
    """What the caller finds it by: an id, or the number of a line."""
    before: Scores
    after: Scores
    is_good: bool | None
    """Whether moderators published it; None: no person has looked."""
    section: str = ""
    rule: str = ""
    """The rule that the moderators named."""
    text: str = ""
    causes: tuple[Causes, Causes] = ({}, {})
    """Why scores are unchecked, before and after, where that is known: a rule may ignore some causes."""
    judges_topic: bool = True
    """False: an editor has said that nothing is off topic under its story."""


class Split(msgspec.Struct, kw_only=True):
    """A number of comments, by what the moderators had decided."""

    good: int = 0
    """They had published these."""
    bad: int = 0
    """They had refused these."""
    unseen: int = 0
    """No person had looked at these."""

    def add(self, is_good: bool | None) -> None:  # noqa: FBT001 - three answers, not a switch
        """Count one more."""
        if is_good is None:
            self.unseen += 1
        elif is_good:
            self.good += 1
        else:
            self.bad += 1

    @property
    def total(self) -> int:
        """All of them."""
        return self.good + self.bad + self.unseen

    @property
    def bad_share(self) -> float | None:
        """The share in [0, 1] that moderators had refused, of those that they had seen; None: they saw none."""
        seen = self.good + self.bad
        return self.bad / seen if seen else None


class Side(msgspec.Struct, kw_only=True):
    """What one of the two policies does."""

    policy: str
    publish: Split = msgspec.field(default_factory=Split)
    hold: Split = msgspec.field(default_factory=Split)
    reject: Split = msgspec.field(default_factory=Split)

    def of(self, outcome: Outcome) -> Split:
        """Return the comments with this outcome."""
        found: Split = getattr(self, outcome.value)
        return found


class RuleSide(msgspec.Struct, kw_only=True):
    """What a rule does in one of the two policies."""

    hold: float
    reject: float | None
    background: bool
    met: Split = msgspec.field(default_factory=Split)
    """Comments that meet it, also where it is in the background."""
    alone: Split = msgspec.field(default_factory=Split)
    """Those of them that no other rule stops."""
    named: int = 0
    """Those of them for which the moderators named this very rule."""


class RuleFigures(msgspec.Struct, kw_only=True):
    """A rule in both policies."""

    title: str
    before: RuleSide | None = None
    """None, as `after`: this policy does not have the rule."""
    after: RuleSide | None = None
    scores: list[Split] | None = None
    """Comments by the rule's score, in BINS stretches from 0 to 1; only where the rule's numbers change."""


class Move(msgspec.Struct, kw_only=True):
    """How many comments go from one outcome to another one, or stay."""

    before: Outcome
    after: Outcome
    comments: Split = msgspec.field(default_factory=Split)


class Change(msgspec.Struct, kw_only=True, frozen=True):
    """A comment that changes sides."""

    key: str
    kind: Kind
    before: Outcome
    after: Outcome
    rules: tuple[str, ...]
    """The rules that stop it, or stopped it."""
    score: float | None
    """The highest score among these, in [0, 1]; None: none could be computed."""
    rule: str = ""
    """The rule that the moderators named."""
    text: str = ""


class Rehearsal(msgspec.Struct, kw_only=True):
    """Everything that was counted."""

    comments: int
    before: Side
    after: Side
    rules: dict[str, RuleFigures]
    moves: list[Move]
    kinds: dict[Kind, int]
    """How many comments change sides in each way."""
    changes: list[Change]
    """At most MOST of them, the worst first."""

    @property
    def changed(self) -> int:
        """How many comments change sides."""
        return sum(self.kinds.values())


class Counter:
    """Counts comments, one after the other."""

    def __init__(self, before: Policy, after: Policy, most: int = MOST) -> None:
        self.most = most
        self.standings = Standing(before), Standing(after)
        self.sides = Side(policy=before.version), Side(policy=after.version)
        self.rules = _empty_rules(before, after)
        self.moves = {(old, new): Move(before=old, after=new) for old in OUTCOMES for new in OUTCOMES}
        self.kinds: dict[Kind, int] = dict.fromkeys(KINDS, 0)
        self.comments = 0
        self._listed: list[Change] = []
        self._histograms = [
            (after.rules[code].score, rule.scores) for code, rule in self.rules.items() if rule.scores is not None
        ]

    def add(self, case: Case) -> None:
        """Count one comment."""
        self.comments += 1
        verdicts = self._verdicts(case)
        ranks = verdicts[0].rank, verdicts[1].rank
        self._count_rules(case, verdicts)
        for side, rank in zip(self.sides, ranks, strict=True):
            side.of(OUTCOMES[rank]).add(case.is_good)
        self.moves[OUTCOMES[ranks[0]], OUTCOMES[ranks[1]]].comments.add(case.is_good)
        for name, bins in self._histograms:
            if (value := case.after.get(name)) is not None:
                bins[min(int(value * BINS), BINS - 1)].add(case.is_good)
        if ranks[0] != ranks[1]:
            self._note_change(case, verdicts)

    def _verdicts(self, case: Case) -> tuple[Verdict, Verdict]:
        before, after = (
            standing.judge(scores, case.section, causes, judges_topic=case.judges_topic)
            for standing, scores, causes in zip(self.standings, (case.before, case.after), case.causes, strict=True)
        )
        return before, after

    def _count_rules(self, case: Case, verdicts: tuple[Verdict, Verdict]) -> None:
        for verdict, which in zip(verdicts, ("before", "after"), strict=True):
            for one in (*verdict.met, *verdict.noted):
                side: RuleSide = getattr(self.rules[one.code], which)
                side.met.add(case.is_good)
                side.named += case.rule == one.code
                others = len(verdict.met) - (not side.background)
                if not others:
                    side.alone.add(case.is_good)

    def _note_change(self, case: Case, verdicts: tuple[Verdict, Verdict]) -> None:
        old, new = verdicts
        graver = int(new.rank > old.rank)
        kind = _kind(is_good=case.is_good, is_stopped=bool(graver))
        self.kinds[kind] += 1
        scores = (case.before, case.after)[graver]
        rules = self.standings[graver].policy.rules
        codes = tuple(one.code for one in verdicts[graver].met)
        known = [value for code in codes if (value := scores.get(rules[code].score)) is not None]
        self._listed.append(
            Change(
                key=case.key,
                kind=kind,
                before=OUTCOMES[old.rank],
                after=OUTCOMES[new.rank],
                rules=codes,
                score=max(known, default=None),
                rule=case.rule,
                text=case.text,
            )
        )
        if len(self._listed) > 4 * self.most:
            self._keep_worst()

    def _keep_worst(self) -> None:
        self._listed.sort(key=badness)
        del self._listed[self.most :]

    def result(self) -> Rehearsal:
        """Return what was counted so far."""
        self._keep_worst()
        return Rehearsal(
            comments=self.comments,
            before=self.sides[0],
            after=self.sides[1],
            rules=self.rules,
            moves=list(self.moves.values()),
            kinds=self.kinds,
            changes=list(self._listed),
        )


def rehearse(before: Policy, after: Policy, cases: Iterable[Case], most: int = MOST) -> Rehearsal:
    """Compare two policies on past comments; at most `most` changes are listed."""
    counter = Counter(before, after, most)
    for case in cases:
        counter.add(case)
    return counter.result()


def badness(change: Change) -> tuple[int, int, float]:
    """Return what changes are ordered by, the worst first: the kind, how far it goes, the score."""
    extreme = OUTCOMES.index(change.after)
    eased = change.kind.endswith("eased")
    return KINDS.index(change.kind), extreme if eased else -extreme, -(change.score or 0.0)


def _kind(*, is_good: bool | None, is_stopped: bool) -> Kind:
    kinds: tuple[Kind, Kind, Kind] = (
        ("unseen_stopped", "good_stopped", "bad_stopped") if is_stopped else ("unseen_eased", "good_eased", "bad_eased")
    )
    return kinds[0 if is_good is None else 1 if is_good else 2]


def _empty_rules(before: Policy, after: Policy) -> dict[str, RuleFigures]:
    """Return the rules of the new policy in their order, then those that it no longer has."""
    rules: dict[str, RuleFigures] = {}
    for code in (*after.rules, *(code for code in before.rules if code not in after.rules)):
        old, new = before.rules.get(code), after.rules.get(code)
        named = new or old
        moves = new is not None and (old is None or _numbers(old) != _numbers(new))
        rules[code] = RuleFigures(
            title=named.title if named else code,
            before=_rule_side(old),
            after=_rule_side(new),
            scores=[Split() for _ in range(BINS)] if moves else None,
        )
    return rules


def _numbers(rule: Rule) -> tuple[str, float, float | None, dict[str, float]]:
    return rule.score, rule.hold, rule.reject, rule.hold_in


def _rule_side(rule: Rule | None) -> RuleSide | None:
    return RuleSide(hold=rule.hold, reject=rule.reject, background=rule.background) if rule else None
