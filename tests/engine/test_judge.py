"""Engine: a signal that raises, hangs or says nothing is unchecked, and the comment is held for it."""

import itertools
import logging
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from belowline.engine import judge
from belowline.engine.decision import Outcome, Score, Span
from belowline.engine.errors import PolicyError, SubmissionError
from belowline.engine.judge import Engine
from belowline.engine.policy import TOPIC_KINDS, Policy, Rule, Settings, load_policy
from belowline.engine.submission import MAX_TEXT_CHARACTERS, Story, Submission

WORDS = {"title": "A rule", "for_readers": "Do not.", "for_moderators": "Weigh.", "explanation": "Because."}
HELLO = Submission(text="Hello there", language="en")


class Fixed:
    """A signal that answers what it was told to."""

    def __init__(self, answer, scores=("insult",), version="fixed-1", name="fixed"):
        self.answer, self.scores, self.version, self.name = answer, scores, version, name

    def measure(self, prepared):
        return self.answer(prepared) if callable(self.answer) else self.answer


class Gate:
    """A signal that hangs until it is let go."""

    name, scores, version = "gate", ("spam",), "gate-1"

    def __init__(self):
        self.open = threading.Event()
        self.measured = 0

    def measure(self, prepared):
        self.open.wait(30)
        self.measured += 1
        return {"spam": Score(value=0.0)}


CLEAN = Fixed({"insult": Score(value=0.1)})


def policy(*scores, timeout_ms=2_000, **changes):
    rules = {f"{score}_rule": Rule(score=score, hold=0.5, **(WORDS | changes)) for score in scores}
    return Policy(
        name="Test",
        sentence="Be kind.",
        rules=rules,
        settings=Settings(signal_timeout_ms=timeout_ms),
        digest="0" * 64,
    )


def engine(*signals, timeout_ms=2_000):
    names = [name for signal in signals for name in signal.scores]
    return Engine(signals, policy(*names, timeout_ms=timeout_ms))


def causes(decision):
    return {item.signal: item.cause for item in decision.unchecked}


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.open.set()


def boom(_prepared):
    raise ZeroDivisionError("the text was: secret")


def leave(_prepared):
    raise SystemExit(3)


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.005)


def test_a_clean_comment_is_published():
    decision = engine(CLEAN).judge(HELLO)

    assert decision.outcome is Outcome.PUBLISH
    assert decision.reasons == decision.unchecked == ()
    assert decision.scores["insult"].value == 0.1
    assert (decision.language, decision.policy, decision.model) == ("en", "test@000000000000", "fixed-1")


def test_a_high_score_holds():
    rude = Fixed({"insult": Score(value=0.9, spans=(Span(0, 5, 0.9, "insult"),))})

    decision = engine(rude).judge(HELLO)

    assert decision.outcome is Outcome.HOLD
    assert decision.spans == (Span(0, 5, 0.9, "insult"),)
    assert decision.reasons[0].rule == "insult_rule"


BROKEN = {
    "raises": (boom, "error"),
    "wants to leave": (leave, "error"),
    "returns nothing": (None, "error"),
    "returns a list": ([0.1], "error"),
    "returns a bare number": ({"insult": 0.1}, "error"),
    "returns nan": ({"insult": Score(value=float("nan"))}, "error"),
    "returns infinity": ({"insult": Score(value=float("inf"))}, "error"),
    "returns two": ({"insult": Score(value=2.0)}, "error"),
    "returns less than nothing": ({"insult": Score(value=-0.1)}, "error"),
    "returns text": ({"insult": Score(value="0.1")}, "error"),
    "leaves the score out": ({"toxicity": Score(value=0.0)}, "not_measured"),
    "gives an empty answer": ({}, "not_measured"),
    "says itself that it cannot": ({"insult": Score.unchecked("no_story")}, "no_story"),
}


@pytest.mark.parametrize(("answer", "cause"), BROKEN.values(), ids=BROKEN)
def test_a_broken_signal_is_unchecked_and_held(answer, cause):
    spam = Fixed({"spam": Score(value=0.2)}, scores=("spam",), name="spam")

    decision = engine(Fixed(answer), spam).judge(HELLO)

    assert decision.outcome is Outcome.HOLD
    assert causes(decision) == {"insult": cause}
    assert decision.scores["insult"].value is None
    assert decision.scores["spam"].value == 0.2


@pytest.mark.parametrize("answer", [boom, leave], ids=["raises", "wants to leave"])
def test_a_worker_survives_a_broken_signal(answer):
    tried = engine(Fixed(answer))
    before = threading.active_count()

    for _ in range(20):
        assert tried.judge(HELLO).outcome is Outcome.HOLD

    assert threading.active_count() <= before + 1


def test_engines_made_of_one_share_its_threads():
    tried = engine(CLEAN)
    tried.judge(HELLO)
    before = threading.active_count()

    for _ in range(20):
        assert tried.with_policy(tried.policy).with_head(None).judge(HELLO).outcome is Outcome.PUBLISH

    assert threading.active_count() <= before


def test_the_log_never_quotes_the_comment(caplog):
    with caplog.at_level(logging.DEBUG):
        engine(Fixed(boom)).judge(HELLO)

    assert "fixed raised ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


def test_a_signal_that_gives_several_scores_is_unchecked_in_all_of_them():
    decision = engine(Fixed(boom, scores=("insult", "threat"))).judge(HELLO)

    assert causes(decision) == {"insult": "error", "threat": "error"}


def test_a_hanging_signal_is_unchecked_and_the_others_still_count(gate):
    rude = Fixed({"insult": Score(value=0.9)})

    decision = engine(gate, rude, timeout_ms=50).judge(HELLO)

    assert causes(decision) == {"spam": "timeout"}
    assert decision.outcome is Outcome.HOLD
    assert decision.scores["insult"].value == 0.9


def test_later_comments_are_judged_while_one_hangs():
    first, gate = threading.Event(), Gate()

    def hang_once(prepared):
        if not first.is_set():
            first.set()
            return gate.measure(prepared)
        return {"spam": Score(value=0.0)}

    tried = engine(Fixed(hang_once, scores=("spam",)), timeout_ms=200)

    outcomes = [tried.judge(HELLO).outcome for _ in range(5)]
    gate.open.set()

    assert outcomes == [Outcome.HOLD] + [Outcome.PUBLISH] * 4


def test_stuck_workers_are_capped_and_taken_back(gate, monkeypatch):
    monkeypatch.setattr(judge, "MAX_STUCK_WORKERS", 3)
    tried = engine(gate, timeout_ms=20)
    before = threading.active_count()

    held = [tried.judge(HELLO) for _ in range(8)]

    assert {decision.outcome for decision in held} == {Outcome.HOLD}
    assert all(causes(decision) == {"spam": "timeout"} for decision in held)
    assert threading.active_count() - before <= 4

    gate.open.set()
    wait_for(lambda: tried._workers.stuck == 0)
    assert tried.judge(HELLO).outcome is Outcome.PUBLISH


def test_when_all_workers_are_stuck_the_answer_comes_at_once(gate, monkeypatch):
    monkeypatch.setattr(judge, "MAX_STUCK_WORKERS", 0)
    tried = engine(gate, timeout_ms=60_000)

    decision = tried.judge(HELLO)

    assert causes(decision) == {"spam": "timeout"}
    assert decision.language == "en"


def test_a_late_answer_never_reaches_another_comment():
    release = threading.Event()

    def slow(prepared):
        if prepared.submission.text == "slow":
            release.wait(30)
            return {"spam": Score(value=1.0)}
        return {"spam": Score(value=0.0)}

    tried = engine(Fixed(slow, scores=("spam",)), timeout_ms=100)
    assert causes(tried.judge(Submission(text="slow", language="en"))) == {"spam": "timeout"}
    release.set()
    wait_for(lambda: tried._workers.stuck == 0)

    values = {tried.judge(Submission(text=f"{n}", language="en")).scores["spam"].value for n in range(20)}

    assert values == {0.0}


def test_a_language_that_cannot_be_read_in_time_falls_back_to_the_main_one(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr("belowline.engine.signals.base.detect_language", lambda *_: release.wait(30))

    decision = engine(CLEAN, timeout_ms=50).judge(Submission(text="Hello"))
    release.set()

    assert (decision.language, decision.outcome) == ("en", Outcome.PUBLISH)


def test_a_language_that_cannot_be_read_at_all_falls_back_to_the_main_one(monkeypatch):
    monkeypatch.setattr("belowline.engine.signals.base.detect_language", boom)

    assert engine(CLEAN).judge(Submission(text="Hello")).language == "en"


def test_threads_share_one_engine():
    def length(prepared):
        return {"insult": Score(value=len(prepared.submission.text) / 1000)}

    tried = engine(Fixed(length))
    texts = ["x" * n for n in range(1, 301)]

    with ThreadPoolExecutor(16) as pool:
        decisions = list(pool.map(lambda text: tried.judge(Submission(text=text, language="en")), texts))

    assert [round(found.scores["insult"].value * 1000) for found in decisions] == list(range(1, 301))


def test_judge_many_keeps_the_order_and_reads_ahead_of_nothing():
    taken = []

    def endless():
        for number in itertools.count():
            taken.append(number)
            yield Submission(text=str(number), language="en")

    first = list(itertools.islice(engine(CLEAN).judge_many(endless()), 3))

    assert len(first) == 3
    assert taken == [0, 1, 2]


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u3000\u00a0"], ids=ascii)
@pytest.mark.parametrize("verb", ["judge", "score"])
def test_an_empty_text_is_refused(verb, text):
    with pytest.raises(SubmissionError) as caught:
        getattr(engine(CLEAN), verb)(Submission(text=text))

    assert caught.value.code == "text_empty"


def test_the_longest_text_is_judged_and_a_longer_one_refused():
    tried = engine(CLEAN)

    assert tried.judge(Submission(text="x" * MAX_TEXT_CHARACTERS, language="en")).outcome is Outcome.PUBLISH
    with pytest.raises(SubmissionError, match="20481 characters; at most 20480") as caught:
        tried.judge(Submission(text="x" * (MAX_TEXT_CHARACTERS + 1)))
    assert caught.value.code == "text_too_long"


def test_the_model_names_every_version_once_in_a_stable_order():
    tried = engine(Fixed({}, version="b-2"), Fixed({}, version="a-1"), Fixed({}, version="b-2"))

    assert tried.model == "a-1+b-2"


def test_with_policy_keeps_the_signals():
    lenient = engine(Fixed({"insult": Score(value=0.9)})).with_policy(policy("insult", unchecked="ignore"))

    assert lenient.judge(HELLO).outcome is Outcome.HOLD
    assert lenient.with_policy(policy("spam", unchecked="ignore")).judge(HELLO).outcome is Outcome.PUBLISH


def test_with_policy_wants_a_policy():
    with pytest.raises(PolicyError, match="parse_policy"):
        engine(CLEAN).with_policy("policy.toml")


@pytest.mark.parametrize("given", [None, "file", "policy"])
def test_load_takes_nothing_a_file_or_a_policy(given, tmp_path, monkeypatch):
    monkeypatch.setattr(judge, "load_signals", lambda: (CLEAN,))
    shipped = Path(judge.__file__).parent / "default_policy.toml"

    loaded = Engine.load({"file": shipped, "policy": load_policy()}.get(given))

    assert loaded.policy == load_policy()
    assert loaded.judge(HELLO).outcome is Outcome.HOLD


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_process_judges_with_threads_of_its_own():
    engine = Engine.load()
    submission = Submission(text="The bridge should stay open, I use it every day.", story=Story(title="The bridge"))
    assert not {one.signal for one in engine.judge(submission).unchecked} - set(TOPIC_KINDS)
    child = os.fork()
    if child == 0:
        unchecked = {one.signal for one in engine.judge(submission).unchecked}
        os._exit(0 if unchecked <= set(TOPIC_KINDS) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_some_scores_alone_in_this_thread():
    names = []

    def answer(prepared):
        names.append(threading.current_thread().name)
        return {"insult": Score(value=0.1)}

    gate = Gate()
    engine = Engine((Fixed(answer), gate), load_policy())

    found = engine.measure(HELLO, {"insult", "toxicity"})

    assert found == {"insult": Score(value=0.1), "toxicity": Score.unchecked("not_measured")}
    assert (names, gate.measured) == ([threading.current_thread().name], 0)


def test_some_scores_of_nothing():
    with pytest.raises(SubmissionError):
        Engine((CLEAN,), load_policy()).measure(Submission(text=" "), {"insult"})
