"""Drawing decisions of people for a second opinion."""

import secrets

import pytest

from belowline.moderation.actions import draw_second_opinion as module
from belowline.moderation.actions.draw_second_opinion import draw_second_opinion
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Audit
from belowline.moderation.second_opinions import SecondOpinion


@pytest.fixture
def always(settings, other_moderator):
    """Everything is drawn, and there is somebody to ask."""
    settings.SECOND_OPINION_PERCENT = 100


@pytest.mark.parametrize(("outcome", "rule"), [("publish", ""), ("reject", "banned_word")])
def test_what_a_person_decides_is_drawn(always, held, decide, outcome, rule):
    decision = decide(held, outcome, rule=rule)

    opinion = SecondOpinion.objects.get()
    assert opinion.decision == decision
    assert (opinion.giver, opinion.outcome, opinion.rule, opinion.given_at) == (None, "", "", None)


def test_what_a_person_removes_is_drawn(always, published, moderator):
    remove_comment(comment=published, moderator=moderator, rule="links")

    assert SecondOpinion.objects.get().decision.outcome == "remove"


def test_what_the_machine_decides_is_not(always, published, held):
    assert not SecondOpinion.objects.exists()
    assert draw_second_opinion(decision=held.decisions.get()) is None


def test_taking_back_is_no_decision(always, held, decide, moderator):
    undo_decision(decision=decide(held), moderator=moderator)

    assert SecondOpinion.objects.count() == 1


def test_nobody_to_ask(settings, held, decide):
    settings.SECOND_OPINION_PERCENT = 100
    decide(held)

    assert not SecondOpinion.objects.exists()


def test_a_share_of_nothing_draws_nothing(other_moderator, held, decide, monkeypatch):
    monkeypatch.setattr(module._chance, "random", lambda: 0.0)
    decide(held)

    assert not SecondOpinion.objects.exists()


@pytest.mark.parametrize(("chance", "is_drawn"), [(0.0, True), (0.0299, True), (0.03, False), (0.99, False)])
def test_chance_decides(settings, other_moderator, held, decide, monkeypatch, chance, is_drawn):  # noqa: PLR0917
    settings.SECOND_OPINION_PERCENT = 3
    monkeypatch.setattr(module._chance, "random", lambda: chance)
    decide(held)

    assert SecondOpinion.objects.exists() == is_drawn


def test_nobody_can_foresee_a_draw():
    assert isinstance(module._chance, secrets.SystemRandom)


def test_it_is_no_audit(always, held, decide):
    """Audits say whether the machine keeps its promise: what people decide has no part in that."""
    decide(held)

    assert not Audit.objects.exists()
