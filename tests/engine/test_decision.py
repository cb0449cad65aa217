"""Decisions and submissions: frozen, kept as JSON without loss."""

import msgspec
import pytest

from belowline.engine.decision import Decision, Outcome, Reason, Score, Span, Unchecked
from belowline.engine.submission import AuthorFacts, Earlier, Parent, Story, Submission

DECISION = Decision(
    outcome=Outcome.HOLD,
    reasons=(Reason(rule="hate", outcome=Outcome.HOLD, signal="identity_attack", score=0.9, threshold=0.6),),
    scores={
        "spam": Score(value=0.2, spans=(Span(4, 9, 0.2, "spam"),)),
        "insult": Score(value=0.7, spans=(Span(7, 8, 0.7, "insult"), Span(0, 3, 0.1, "insult"))),
        "off_topic": Score.unchecked("no_story"),
    },
    unchecked=(Unchecked("off_topic", "no_story"),),
    language="en",
    policy="test@0",
    model="a-1",
)
SUBMISSION = Submission(
    text="Quite right.",
    id="c1",
    story=Story(title="Bridge", standfirst="Closed.", body="For a week.", section="town"),
    parent=Parent(text="It was due.", root_text="At last."),
    author=AuthorFacts(display_name="Ken"),
    earlier=(Earlier(text="Quite.", relation="same_author"),),
)


def test_spans_stand_in_the_order_of_the_text():
    assert [(span.start, span.label) for span in DECISION.spans] == [
        (0, "insult"),
        (4, "spam"),
        (7, "insult"),
    ]


@pytest.mark.parametrize("value", [DECISION, SUBMISSION], ids=["decision", "submission"])
def test_json_keeps_everything(value):
    assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (DECISION, "outcome"),
        (DECISION.reasons[0], "score"),
        (SUBMISSION, "text"),
        (SUBMISSION.story, "title"),
    ],
)
def test_nothing_can_be_changed(value, field):
    with pytest.raises(AttributeError):
        setattr(value, field, None)


def test_an_unchecked_score_has_no_value_and_a_cause():
    score = Score.unchecked("timeout")

    assert (score.value, score.cause, score.spans) == (None, "timeout", ())


def test_outcomes_are_plain_words():
    assert [str(outcome) for outcome in Outcome] == ["publish", "hold", "reject"]


def test_a_relation_is_one_of_three():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"text": "x", "relation": "neighbour"}, Earlier)
