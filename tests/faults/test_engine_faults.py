"""The engine raises, hangs or talks nonsense: the comment is kept, held, and published by nobody but a person."""

import math
import threading

import pytest

from belowline.comments.models import Comment
from belowline.engine.decision import Decision, Outcome, Score, Span
from belowline.engine.judge import Engine
from belowline.moderation import engine
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.recounting import find_drifts

QUIET = "A quiet remark about the harbour bridge and its tolls."


class Faulty:
    """A signal that gives `links`, in a way of its own."""

    name, scores, version = "links", ("links",), "links-faulty"

    def __init__(self, measure):
        self.answer = measure

    def measure(self, prepared):
        return self.answer()


@pytest.fixture
def strict(site, policy_text):
    """The site holds what it cannot check."""
    activate_policy(
        site=site, text=policy_text(unchecked="hold").replace("[settings]", "[settings]\nsignal_timeout_ms = 80")
    )


@pytest.fixture
def with_signal(monkeypatch, strict):
    """Replace the signal for links by one that fails in some way."""

    def call(measure):
        whole = engine.base_engine()
        others = [signal for signal in whole.signals if signal.name != "links"]
        broken = Engine([*others, Faulty(measure)], whole.policy)
        monkeypatch.setattr(engine, "base_engine", lambda: broken)
        engine._engine.cache_clear()

    return call


@pytest.fixture
def send(as_reader, story, record_property):
    """Post, and return the page that the reader sees then; afterwards, say what became of it."""
    answered = []

    def call(text=QUIET):
        address, form = f"/discussion/{story.pk}/post/", {"text": text, "idempotency_key": "one"}
        answer = as_reader.post(address, form)
        if answer.status_code == 200:  # the author is nudged first
            answer = as_reader.post(address, form | {"nudged": "1"})
        assert answer.status_code == 302
        answered.append(form["idempotency_key"])
        return as_reader.get(answer["Location"]).content.decode()

    yield call
    there = Comment.objects.filter(idempotency_key__in=answered).count()
    kept, judged = Comment.objects.all(), {"decisions__outcome": "publish"}
    unjudged = kept.filter(status="published").exclude(**judged).count()
    numbers = (len(answered), there, max(0, there - len(answered)), unjudged, len([*find_drifts()]))
    record_property("fault", ("engine broken", "raises, hangs, answers nonsense, in one way in each test", *numbers))
    assert numbers[1:] == (len(answered), 0, 0, 0)


def fail():
    raise RuntimeError(QUIET)


@pytest.mark.parametrize(
    "measure",
    [
        fail,
        lambda: None,
        dict,
        list,
        lambda: {"links": None},
        lambda: {"links": 0.0},
        lambda: {"links": "low"},
        lambda: {"links": Score(value=math.nan)},
        lambda: {"links": Score(value=-0.5)},
        lambda: {"links": Score(value=7.0)},
        lambda: {"links": Score(value="low")},
        lambda: {"links": Score(value=math.inf)},
        lambda: {"other": Score(value=0.0)},
        lambda: {"links": Score.unchecked("no_story")},
        lambda: {}["links"],
        lambda: {"links": Score(value=0.1, spans=(Span(0, 1, math.nan, "links"),))},
    ],
    ids=[
        "raises",
        "nothing",
        "an empty answer",
        "a list",
        "no score",
        "a bare number",
        "a word",
        "no number",
        "below nought",
        "above one",
        "a word for a number",
        "without end",
        "another score",
        "unchecked",
        "looks for what is not there",
        "a span that cannot be written",
    ],
)
def test_a_signal_that_cannot_be_relied_on(send, with_signal, stranger, story, measure, caplog):  # noqa: PLR0917
    with_signal(measure)
    page = send()

    comment = Comment.objects.get()
    assert comment.status == "held"
    assert "Held for a moderator" in page
    assert "could not check" in page or "were not available" in page
    assert QUIET not in stranger.get(f"/discussion/{story.pk}/").content.decode()
    assert QUIET not in caplog.text


def test_a_signal_that_hangs(send, with_signal):
    gate = threading.Event()
    with_signal(lambda: gate.wait(20))
    try:
        page = send()
    finally:
        gate.set()

    decision = Comment.objects.get().decisions.get()
    assert decision.outcome == "hold"
    assert decision.scores["links"] == {"value": None, "cause": "timeout", "spans": [], "evidence": ""}
    assert "We could not check these rules, so a person does: Links." in page


def test_the_other_signals_still_speak(send, with_signal):
    with_signal(fail)
    send("What a wombat of a harbour bridge this is.")

    [banned, links] = Comment.objects.get().decisions.get().reasons
    assert (banned["rule"], links["rule"]) == ("banned_word", "links")


@pytest.mark.parametrize(
    "error", [RuntimeError(QUIET), MemoryError(), ImportError("onnx"), SystemError(), OSError(28, "full")]
)
def test_an_engine_that_cannot_judge(send, site, monkeypatch, caplog, error):
    def raise_it():
        raise error

    monkeypatch.setattr(engine, "base_engine", raise_it)
    engine._engine.cache_clear()
    page = send()

    assert Comment.objects.get().status == "held"
    assert "Checks not available" in page
    assert "because our checks were not available" in page
    assert QUIET not in caplog.text


@pytest.mark.parametrize("answer", [None, "publish", Outcome.PUBLISH, object(), 1, {"outcome": "publish"}])
def test_an_engine_that_answers_with_something_else(send, site, monkeypatch, answer):
    monkeypatch.setattr(Engine, "judge", lambda *_: answer)

    assert "Checks not available" in send()
    assert Comment.objects.get().status == "held"


def test_half_a_decision_is_none(send, site, monkeypatch):
    half = Decision(outcome=Outcome.PUBLISH, reasons=None, scores=None, unchecked=(), language="", policy="", model="")
    monkeypatch.setattr(Engine, "judge", lambda *_: half)

    assert "Checks not available" in send()
    assert Comment.objects.get().status == "held"


def test_a_moderator_decides_what_the_engine_could_not(send, site, monkeypatch, as_moderator, stranger, story):  # noqa: PLR0917
    monkeypatch.setattr(Engine, "judge", lambda *_: None)
    send()
    comment = Comment.objects.get()
    desk = as_moderator.get("/desk/").content.decode()
    assert "Checks not available" in desk

    as_moderator.post(f"/desk/comments/{comment.pk}/decide/", {"outcome": "publish"})
    assert QUIET in stranger.get(f"/discussion/{story.pk}/").content.decode()


def test_afterwards_all_is_as_before(send, site, monkeypatch, as_reader, story):
    with monkeypatch.context() as broken:
        broken.setattr(Engine, "judge", lambda *_: None)
        send()
    answer = as_reader.post(f"/discussion/{story.pk}/post/", {"text": QUIET + " Again.", "idempotency_key": "two"})

    assert answer.status_code == 302
    assert Comment.objects.get(idempotency_key="two").status == "published"
    assert Comment.objects.get(idempotency_key="one").status == "held"
