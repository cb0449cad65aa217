"""The score of a newsroom's head: all other scores stay as they are, and heads of another model are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.engine.decide import decide
from belowline.engine.decision import Outcome, Score
from belowline.engine.errors import ModelError
from belowline.engine.judge import Engine
from belowline.engine.models.head import Head
from belowline.engine.policy import Policy, Rule, Settings
from belowline.engine.signals.abuse import AbuseSignal
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.links import LinksSignal
from belowline.engine.submission import Submission

TEXTS = {
    "settled by the first stage": "The ferry leaves at nine from the north pier, and the fare is four pounds.",
    "doubtful": "You are a complete idiot and your mother knows it.",
    "disguised": "what an 1d10t you are",
    "long": "The council has decided to keep the old bridge open. You people never listen. " * 40,
    "no words": "🐷🐷🐷",
}


@pytest.fixture(scope="module")
def abuse():
    return AbuseSignal.load()


@pytest.fixture(scope="module")
def head(abuse):
    weights = np.random.default_rng(0).normal(size=abuse.traits_width) / 40
    return Head(abuse.version, weights, -1.0)


@pytest.fixture(scope="module")
def engine(abuse):
    rule = Rule(
        title="House",
        score="newsroom_refusal",
        hold=0.0,
        for_readers="r",
        for_moderators="m",
        explanation="“{excerpt}”",
    )
    policy = Policy(name="Test", sentence="Be kind.", rules={"house": rule}, digest="0" * 64)
    return Engine((abuse, LinksSignal()), policy)


def said(engine, text, language="en"):
    scores, _ = engine.score(Submission(text=text, language=language))
    return scores


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_all_other_scores_are_the_same_to_the_bit(engine, head, text):
    before, after = said(engine, text), said(engine.with_head(head), text)
    assert 0 <= after.pop("newsroom_refusal").value <= 1
    assert after == before


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_score_is_what_the_head_says_of_the_traits(engine, abuse, head, text):
    prepared = engine.prepare(Submission(text=text, language="en"))
    traits = abuse.traits(prepared)
    assert traits.shape == (abuse.traits_width,)
    assert np.isfinite(traits).all()
    assert said(engine.with_head(head), text)["newsroom_refusal"] == Score(value=float(head.scores(traits)))


def test_a_text_is_read_once_for_both(engine, abuse, head, monkeypatch):
    read = []
    monkeypatch.setattr(AbuseSignal, "_read", lambda *given, real=AbuseSignal._read: (read.append(1), real(*given))[1])
    said(engine.with_head(head), TEXTS["doubtful"])
    assert read == [1]


def test_the_encoder_is_asked_about_settled_texts_too(abuse):
    prepared = Prepared(Submission(text=TEXTS["settled by the first stage"], language="en"), Settings())
    (reading,) = abuse._readings(prepared)
    assert reading._judged.settled
    assert np.abs(reading.traits[: abuse.pooled_width]).sum() > 1


def test_another_language_is_unchecked_and_held_where_a_rule_asks(engine, head):
    decision = engine.with_head(head).judge(Submission(text="Die Brücke ist zu.", language="de"))
    assert decision.scores["newsroom_refusal"].cause == "language_unsupported"
    assert decision.outcome is Outcome.HOLD


def test_without_a_head_the_score_is_not_there_and_the_cause_says_so(engine):
    scores = said(engine, "Hello")
    assert "newsroom_refusal" not in scores
    verdict = decide(engine.policy, scores, Submission(text="Hello"))
    assert verdict.outcome is Outcome.HOLD
    assert [(one.signal, one.cause) for one in verdict.unchecked if one.signal == "newsroom_refusal"] == [
        ("newsroom_refusal", "no_head")
    ]
    assert "own model" in verdict.reasons[0].explanation


def test_the_model_names_the_head(engine, head):
    assert head.version not in engine.model
    assert head.version in engine.with_head(head).model.split("+")


def test_a_head_replaces_another_and_can_be_taken_away(engine, head):
    other = head._replace(bias=2.0)
    both = engine.with_head(head).with_head(other)
    assert [signal.version for signal in both.signals if signal.name == "newsroom"] == [other.version]
    assert both.with_head(None).model == engine.model
    assert engine.with_head(head).with_policy(engine.policy).model == engine.with_head(head).model


@pytest.mark.parametrize("change", [{"base": "abuse-other"}, {"weights": np.zeros(3)}], ids=["version", "width"])
def test_a_head_of_another_model_is_refused(engine, head, change):
    with pytest.raises(ModelError, match="belowline learn"):
        engine.with_head(head._replace(**change))


def test_an_engine_without_an_abuse_model_takes_no_head(head, engine):
    with pytest.raises(ModelError, match="no abuse model"):
        Engine((LinksSignal(),), engine.policy).with_head(head)


def test_a_model_without_an_encoder_has_no_traits(abuse, head):
    words = AbuseSignal(abuse.model, abuse.version)
    assert (words.traits_width, words.pooled_width) == (0, 0)
    with pytest.raises(ModelError, match="no encoder"):
        words.traits(Prepared(Submission(text="Hello", language="en"), Settings()))


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_any_text_has_finite_traits(abuse, text):
    traits = abuse.traits(Prepared(Submission(text=text, language="en"), Settings()))
    assert np.isfinite(traits).all()
