"""How far moderators agree with each other, and with the machine: by answers given blind, about what chance drew."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from belowline.accounts.models import User
from belowline.moderation.insights.kappa import Kappa, kappa
from belowline.moderation.insights.scope import Scope
from belowline.moderation.models import Audit, Decision
from belowline.moderation.second_opinions import SecondOpinion

PUBLISH = str(Decision.Outcome.PUBLISH)
REFUSE = "refuse"
"""Rejecting and removing are one answer: the comment is not to be read."""


class Answers(NamedTuple):
    """Two answers to the same question, and whose they are."""

    first: tuple[str, str]
    """Outcome and rule: of the decision."""
    second: tuple[str, str]
    """Of whoever was asked afterwards, without knowing the first."""
    people: tuple[int | None, int | None]
    """The moderators' ids; the machine has none."""

    @property
    def outcomes(self) -> tuple[str, str]:
        """Return whether each would have published or refused."""
        return self.first[0], self.second[0]


class Agreement(NamedTuple):
    """How far those who answered agree."""

    outcome: Kappa
    """On whether a comment is published."""
    rule: Kappa
    """On whether it is published and, where not, by which rule."""


class Colleague(NamedTuple):
    """How far one moderator agrees with the others."""

    user_id: int
    name: str
    outcome: Kappa


def agreement(answers: Sequence[Answers]) -> Agreement:
    """Return how far the two sides of the answers agree."""
    return Agreement(
        outcome=kappa(answer.outcomes for answer in answers),
        rule=kappa((answer.first, answer.second) for answer in answers),
    )


def between_moderators(scope: Scope) -> list[Answers]:
    """Return the second opinions given in the period, with the decisions that they are about."""
    rows = scope.keep(SecondOpinion.objects.filter(given_at__gte=scope.since), "decision__comment__story")
    return _pairs(
        rows.order_by("id").values_list(
            "decision__outcome", "decision__reasons", "decision__moderator", "outcome", "rule", "giver"
        )
    )


def with_machine(scope: Scope) -> list[Answers]:
    """Return the audits answered in the period, with what the machine had decided."""
    rows = scope.keep(Audit.objects.filter(reviewed_at__gte=scope.since), "decision__comment__story")
    return _pairs(
        rows.order_by("id").values_list(
            "decision__outcome", "decision__reasons", "decision__moderator", "outcome", "rule", "reviewer"
        )
    )


def by_moderator(answers: Iterable[Answers]) -> list[Colleague]:
    """Return how far each moderator agrees with the others, on either side of the questions; most answers first."""
    theirs: dict[int, list[Answers]] = {}
    for answer in answers:
        for person in answer.people:
            if person is not None:
                theirs.setdefault(person, []).append(answer)
    people = User.objects.in_bulk(list(theirs))
    found = [
        Colleague(pk, people[pk].display_name, kappa(answer.outcomes for answer in mine))
        for pk, mine in theirs.items()
        if pk in people
    ]
    return sorted(found, key=lambda one: (-one.outcome.n, one.name))


def _pairs(rows: Iterable[tuple[str, list[dict[str, str]], int | None, str, str, int | None]]) -> list[Answers]:
    return [
        Answers(_answer(first, reasons[0]["rule"] if reasons else ""), _answer(second, rule), (decider, giver))
        for first, reasons, decider, second, rule, giver in rows
    ]


def _answer(outcome: str, rule: str) -> tuple[str, str]:
    return (PUBLISH, "") if outcome == PUBLISH else (REFUSE, rule)
