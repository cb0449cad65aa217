"""explain(): sentences for people, from the policy's words and the passage that was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.decision import Score, Span
from belowline.engine.explain import CAUSES, MAX_EXCERPT_CHARACTERS, excerpt, explain
from belowline.engine.policy import Rule, load_policy
from belowline.engine.submission import Story, Submission

STORY = Story(title="Harbour bridge closed")
SUBMISSION = Submission(text="You are a {fool} and a half.", story=STORY)
SPAN = Span(10, 16, 0.9, "insult")


def rule(explanation):
    return Rule(
        title="Personal abuse",
        score="insult",
        hold=0.6,
        for_readers="No.",
        for_moderators="Weigh.",
        explanation=explanation,
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Because of “{excerpt}”.", "Because of “{fool}”."),
        ("Not about {story}; nearest: {evidence}", "Not about Harbour bridge closed; nearest: a paragraph"),
        ("Because we say so.", "Because we say so."),
        ("A literal {{brace}}.", "A literal {brace}."),
    ],
    ids=["excerpt", "story and evidence", "no field", "braces"],
)
def test_the_words_of_the_rule_are_filled_in(words, sentence):
    assert explain(rule(words), Score(value=0.9, evidence="a paragraph"), SPAN, SUBMISSION) == sentence


def test_without_a_story_its_title_is_empty():
    assert explain(rule("About “{story}”."), Score(value=1), None, Submission(text="Hm.")) == "About “”."


@pytest.mark.parametrize("cause", [*CAUSES, "some_new_cause"])
def test_an_unchecked_score_is_said_to_be_unchecked(cause):
    sentence = explain(rule("“{excerpt}” is an insult."), Score.unchecked(cause), None, SUBMISSION)

    assert sentence.startswith("We could not check the rule “Personal abuse”: ")
    assert CAUSES.get(cause, CAUSES["error"]) in sentence
    assert "insult" not in sentence


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("one two three", Span(4, 7, 1, "x"), "two"),
        ("one\n\n two\tthree", None, "one two three"),
        ("🙂🙂ab", Span(2, 4, 1, "x"), "ab"),
        ("x" * 200, None, "x" * 139 + "…"),
        ("x" * 140, None, "x" * 140),
        ("word " * 40, None, ("word " * 28)[:139].rstrip() + "…"),
    ],
    ids=["passage", "one line", "code points", "long", "just fits", "no space before the dots"],
)
def test_excerpt(text, span, expected):
    assert excerpt(text, span) == expected


@given(st.text(min_size=1), st.integers(0, 50), st.integers(0, 50))
def test_an_excerpt_is_one_short_line(text, start, length):
    line = excerpt(text, Span(start, start + length, 1.0, "x"))

    assert len(line) <= MAX_EXCERPT_CHARACTERS
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(("code", "shipped"), load_policy().rules.items(), ids=load_policy().rules)
def test_every_shipped_explanation_can_be_filled_in(code, shipped):
    score = Score(value=1.0, evidence="EVIDENCE")
    sentence = explain(shipped, score, Span(0, 3, 1.0, code), SUBMISSION)

    assert "{" not in sentence
    assert len(sentence) > 20
