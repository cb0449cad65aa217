"""The engine of the process: each site's policy, kept by version; and whatever fails, nothing is published."""

import logging
import math

import pytest

from belowline.engine.decision import Decision, Outcome, Reason, Score, Span
from belowline.engine.errors import ModelError
from belowline.engine.submission import Submission
from belowline.moderation import engine
from belowline.moderation.models import PolicyVersion

SECRET = "a sentence that no log may hold"


class Broken:
    """An engine that does what the test says."""

    def __init__(self, answer):
        self.answer = answer

    def judge(self, submission):
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def with_policy(self, policy):
        return self


@pytest.fixture
def engine_that(monkeypatch):
    def call(answer):
        monkeypatch.setattr(engine, "base_engine", lambda: Broken(answer))

    return call


def judge(site, text=SECRET):
    return engine.judge(site, Submission(text=text))


def test_a_site_without_a_policy_of_its_own_has_the_shipped_one(other_site, site):
    assert engine.active_version(other_site) is None
    assert "off_topic" in engine.site_policy(other_site).rules
    assert set(engine.site_policy(site).rules) == {"banned_word", "links", "shouting"}


def test_the_newest_policy_acts(site, activate):
    assert judge(site, "What a wombat this is").outcome == Outcome.HOLD
    newer = activate(site, name="Newer", banned=("goose",))

    assert engine.active_version(site) == newer
    assert judge(site, "What a wombat this is").outcome == Outcome.PUBLISH
    assert judge(site, "What a goose this is").policy == newer.version


def test_a_policy_is_read_once(site, django_assert_num_queries):
    judge(site)
    engine.site_policy(site)

    with django_assert_num_queries(3):  # the policy's version twice, and the head's
        judge(site)
        engine.site_policy(site)


def test_all_sites_share_one_set_of_models(site, other_site, activate):
    activate(other_site)
    judge(site)
    judge(other_site)
    versions = PolicyVersion.objects.values_list("pk", flat=True)

    assert all(engine._engine(pk).signals is engine.base_engine().signals for pk in versions)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(SECRET),
        MemoryError(),
        ModelError("the model is damaged"),
        RecursionError(),
        ValueError(SECRET),
        TimeoutError(),
        KeyError("off_topic"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_engine_that_raises_holds(site, engine_that, caplog, error):
    engine_that(error)
    decision = judge(site)

    assert decision.outcome == Outcome.HOLD
    assert [reason.rule for reason in decision.reasons] == ["engine_failed"]
    assert "checks were not available" in decision.reasons[0].explanation
    assert decision.unchecked[0].cause == "engine_failed"
    assert decision.policy == engine.site_policy(site).version
    assert type(error).__name__ in caplog.text
    assert SECRET not in caplog.text


SOUND = Decision(
    outcome=Outcome.PUBLISH, reasons=(), scores={}, unchecked=(), language="en", policy="p", model="m"
)  # fmt: skip


def changed(**fields):
    from msgspec.structs import replace

    return replace(SOUND, **fields)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "publish",
        Outcome.PUBLISH,
        {"outcome": "publish"},
        changed(outcome="allow"),
        changed(outcome=None),
        changed(reasons=None),
        changed(reasons=("insult",)),
        changed(scores={"insult": 0.2}),
        changed(scores={"insult": Score(value="high")}),
        changed(scores={"insult": Score(value=0.5, spans=(Span(0, 1, math.nan, "x"),))}),
        changed(language=7),
        changed(scores={"insult": Score(value=0.5, evidence="\udcff")}),
        changed(reasons=(Reason(rule="x", outcome=Outcome.HOLD, signal="x", score=0.5, threshold=math.inf),)),
    ],
    ids=[
        "nothing",
        "a word",
        "an outcome",
        "a dict",
        "another outcome",
        "no outcome",
        "no reasons",
        "words for reasons",
        "numbers for scores",
        "words for numbers",
        "no number",
        "no language",
        "half a character",
        "without end",
    ],
)
def test_an_engine_that_talks_nonsense_holds(site, engine_that, caplog, answer):
    engine_that(answer)
    decision = judge(site)

    assert decision.outcome == Outcome.HOLD
    assert decision.reasons[0].rule == "engine_failed"
    assert "the engine failed" in caplog.text


def test_a_sound_answer_passes_as_it_is(site, engine_that):
    span = Span(0, 3, 0.9, "insult")
    answer = changed(
        outcome=Outcome.HOLD,
        scores={"insult": Score(value=0.9, spans=(span,), evidence="字"), "off_topic": Score.unchecked("no_story")},
        reasons=(Reason(rule="x", outcome=Outcome.HOLD, signal="insult", score=0.9, threshold=0.5, start=0, end=3),),
    )
    engine_that(answer)

    assert judge(site) == answer


def test_a_policy_in_the_table_that_cannot_be_read_holds(site):
    PolicyVersion.objects.filter(site=site).update(text="this is not TOML")
    decision = judge(site, "A quiet remark.")

    assert decision.outcome == Outcome.HOLD
    assert decision.reasons[0].rule == "engine_failed"
    assert decision.policy == "unreadable"


def test_models_that_cannot_be_loaded_do_not_keep_pages_from_readers(monkeypatch, caplog):
    def fail():
        raise ModelError("damaged")

    monkeypatch.setattr(engine, "base_engine", fail)
    engine.warm_up()

    assert "the engine cannot be loaded (ModelError: damaged); every comment is held" in caplog.text


def test_nothing_is_logged_where_all_is_well(site, caplog):
    caplog.set_level(logging.DEBUG)
    judge(site, f"What a wombat: {SECRET}")

    assert SECRET not in caplog.text
