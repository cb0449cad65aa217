"""The picture of agreement: between moderators, and with the machine."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from belowline.accounts.permissions import Action, may
from belowline.desk.insights.charts import Bar, whisker
from belowline.desk.insights.picture import Looking, Picture
from belowline.desk.insights.tables import NOTHING, Column, Table, percent
from belowline.moderation.insights.agreement import Answers, agreement, between_moderators, by_moderator, with_machine
from belowline.moderation.insights.kappa import Kappa, in_words
from belowline.moderation.insights.scope import Scope


class Both(NamedTuple):
    """The answers that the picture is made of."""

    moderators: list[Answers]
    machine: list[Answers]


def read_agreement(scope: Scope) -> Both:
    """Return the second opinions and the audits of the period."""
    return Both(between_moderators(scope), with_machine(scope))


def draw_agreement(found: Both, looking: Looking) -> Picture:
    """Draw kappa with its interval: of all moderators, of those whom the viewer may see, and with the machine."""
    rows = list(_rows(found, looking))
    heads = (
        Column("between", "Between", "text"),
        Column("pairs", "Answered twice"),
        Column("agreed_share", "Same answer", "share"),
        Column("kappa", "Kappa", "number"),
        Column("low", "At least", "number"),
        Column("high", "At most", "number"),
    )
    table = Table(heads, [(label, *one) for label, one in rows])
    bars = tuple(_bar(label, one) for label, one in rows if one.n)
    return Picture(says=_said(agreement(found.moderators).outcome), table=table, bars=bars)


def _rows(found: Both, looking: Looking) -> Iterator[tuple[str, Kappa]]:
    people, machine = agreement(found.moderators), agreement(found.machine)
    yield "Moderators: publish or refuse", people.outcome
    yield "Moderators: also by which rule", people.rule
    yield "Moderators and machine: publish or refuse", machine.outcome
    yield "Moderators and machine: also by which rule", machine.rule
    yield from _colleagues(found.moderators, looking)


def _colleagues(answers: Sequence[Answers], looking: Looking) -> Iterator[tuple[str, Kappa]]:
    """Yield moderators one by one: administrators see all, everybody else sees themselves."""
    for one in by_moderator(answers):
        if one.user_id == looking.viewer.pk:
            yield "You and the others", one.outcome
        elif may(looking.viewer, Action.MANAGE_PEOPLE):
            yield f"{one.name} and the others", one.outcome


def _bar(label: str, one: Kappa) -> Bar:
    note = f"{one.n:,} answered twice, {percent(one.agreed or 0)} the same"
    if one.value is None or one.low is None or one.high is None:
        return Bar(label=label, value=NOTHING, note=f"{note}: one and the same answer always")
    words = f"kappa {one.value:.2f}, between {one.low:.2f} and {one.high:.2f}"
    return Bar(label=label, value=f"{one.value:.2f}", note=note, whisker=whisker(one.value, one.low, one.high, words))


def _said(one: Kappa) -> str:
    if not one.n:
        return "Nobody has given a second opinion in these days: the page Audit asks for them."
    if one.value is None:
        return f"Of {one.n:,} comments that two moderators decided, both said the same of each, and always the same."
    said = f"Of {one.n:,} comments that two moderators decided, they agree on {percent(one.agreed or 0)}"
    return f"{said}: {in_words(one.value)} agreement (kappa {one.value:.2f}, {one.low:.2f} to {one.high:.2f})."
