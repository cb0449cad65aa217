"""The models that judge, and their cards as safe pages."""

import re

import pytest

from belowline.engine.policy import ABUSE_SCORES, TOPIC_SCORES
from belowline.moderation.model_cards import JUDGING, judging_models, model_card


def test_the_models_are_those_that_the_engine_runs():
    from belowline.moderation.engine import base_engine

    found = {model.name: model for model in judging_models()}
    assert set(found) == set(JUDGING)
    assert found["abuse"].scores == ABUSE_SCORES
    assert found["topic"].scores == TOPIC_SCORES
    for model in found.values():
        assert model.version in base_engine().model


@pytest.mark.parametrize("name", JUDGING)
def test_a_card_is_a_safe_page(name):
    card = model_card(name)

    assert "<h2>" in card
    assert "<h1>" not in card
    assert card.count("<table") == card.count('role="group"') > 0
    assert not re.search(r"<(script|img|iframe|style)|on\w+=", card)
    assert all(link.startswith("https://") for link in re.findall(r'href="([^"]*)"', card))


def test_only_models_that_judge_have_one():
    for name in ("perspective", "nothing", "../abuse"):
        with pytest.raises(KeyError):
            model_card(name)
