"""The same text again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.repetition import RepetitionSignal, likeness
from belowline.engine.submission import Earlier, Submission

TEXT = (
    "The county put the inspection back by a year, and then by another seven months. Somebody signed that letter, "
    "and I should like to hear on Tuesday who it was and what they had read before they signed it."
)
OTHER = (
    "I used to walk over after a night shift and look at the boats, it was the best part of the day for me. The first "
    "ferry goes at six and my shift begins half an hour later, so there is hope."
)
HOLD = 0.8


def measure(text, *earlier):
    submission = Submission(text=text, earlier=tuple(Earlier(text=one, relation=rel) for one, rel in earlier))
    return RepetitionSignal().measure(Prepared(submission, Settings()))["repetition"]


@pytest.mark.parametrize(
    ("relation", "evidence"),
    [
        ("same_author", "a comment that you posted before"),
        ("same_thread", "a comment in this discussion"),
        ("elsewhere", "a comment under another article"),
    ],
)
def test_the_same_text_scores_one_and_says_where(relation, evidence):
    score = measure(TEXT, (TEXT, relation))
    assert score.value == 1.0
    assert score.evidence == evidence


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT.upper(), id="case"),
        pytest.param(TEXT.replace(" ", "  "), id="blanks"),
        pytest.param(TEXT.replace(",", " -"), id="signs"),
        pytest.param(TEXT.replace("o", "о"), id="look-alikes"),
        pytest.param(TEXT.replace("e", "e\u200b"), id="zero width"),
        pytest.param(TEXT + " Thanks.", id="one word more"),
        pytest.param("Well: " + TEXT, id="one word before"),
    ],
)
def test_disguised_copies_are_held(text):
    assert measure(text, (TEXT, "same_author")).value >= HOLD


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        pytest.param(TEXT, OTHER, id="another text"),
        pytest.param("I agree", "I agree", id="two words"),
        pytest.param("Well said, thank you!", "Well said, thank you!", id="four words"),
        pytest.param("Exactly. Just like 2016.", "Exactly. Just like 2016.", id="a short remark"),
        pytest.param("👍👍👍", "👍👍👍", id="emojis"),
        pytest.param("+1", "+1", id="plus one"),
        pytest.param(TEXT, "", id="an empty earlier one"),
        pytest.param(TEXT, TEXT[:90], id="a longer answer than before"),
    ],
)
def test_others_are_not_held(text, earlier):
    assert measure(text, (earlier, "same_author")).value < HOLD


def test_nothing_earlier_scores_zero():
    score = measure(TEXT)
    assert score.value == 0.0
    assert score.evidence == ""


def test_a_quotation_in_an_answer_is_no_repetition():
    quoted = "> " + TEXT + "\nI could not agree more, and I shall be there on Tuesday to ask them the same thing."
    assert measure(quoted, (TEXT, "same_thread")).value < 0.3


def test_the_nearest_earlier_comment_counts():
    score = measure(TEXT, (OTHER, "same_thread"), (TEXT, "elsewhere"), (OTHER, "same_author"))
    assert score.value == 1.0
    assert score.evidence == "a comment under another article"


def test_a_text_pasted_into_a_longer_one_is_seen():
    longer = (TEXT, "same_author")
    assert measure(TEXT, (TEXT + " " + OTHER, "same_author")).value >= HOLD
    assert measure(TEXT + " " + OTHER, longer).value < HOLD


def test_what_others_said_in_the_thread_may_be_part_of_an_answer():
    assert measure(TEXT, (TEXT + " " + OTHER, "same_thread")).value < HOLD


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({"a", "b"}, {"a", "b"}, 1.0, id="equal"),
        pytest.param({"a", "b"}, {"b", "c"}, 1 / 3, id="one of three"),
        pytest.param({"a"}, {"b"}, 0.0, id="apart"),
        pytest.param(set(), set(), 0.0, id="empty"),
    ],
)
def test_likeness(one, other, expected):
    assert likeness(frozenset(one), frozenset(other)) == pytest.approx(expected)


@given(st.frozensets(st.integers(0, 30).map(str)), st.frozensets(st.integers(0, 30).map(str)))
def test_likeness_is_symmetric_and_in_range(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other, may_be_inside=True) <= 1.0
    assert likeness(one, other, may_be_inside=True) >= likeness(one, other)


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=300))
def test_a_text_is_at_most_the_same_as_itself(text):
    assert 0.0 <= measure(text, (text, "same_author")).value <= 1.0


def test_other_scripts_are_compared_too():
    text = "三十年ここに住んでいますが、こんな話は聞いたことがありません。"
    assert measure(text, (text, "same_author")).value == 1.0
