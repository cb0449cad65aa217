"""Capitals throughout, and exclamation marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.shouting import ShoutingSignal
from belowline.engine.submission import Submission

HOLD = 0.6


def measure(text):
    return ShoutingSignal().measure(Prepared(Submission(text=text), Settings()))["shouting"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("THIS IS AN ABSOLUTE DISGRACE TO THE WHOLE COUNTRY", id="all capitals"),
        pytest.param("FOUR HOURS OF TALKING AND THEY STILL SHUT IT!!!", id="capitals and marks"),
        pytest.param("I TOLD YOU A THOUSAND TIMES THAT I WAS RIGHT", id="single letters in between"),
        pytest.param("ЭТО ПОЛНЫЙ БРЕД И ВСЕ ЭТО ДАВНО ЗНАЮТ", id="russian"),
        pytest.param("ΑΥΤΟ ΕΙΝΑΙ ΤΕΛΕΙΩΣ ΑΠΑΡΑΔΕΚΤΟ ΓΙΑ ΟΛΟΥΣ", id="greek"),
        pytest.param("No way!!!!!!!!!!!!!!!!!!!!", id="twenty marks"),
        pytest.param("Shame!!!! Shame!!!! Shame!!!! Shame!!!! Shame!!!!! Shame!!!!", id="marks throughout"),
        pytest.param("why !!!1!!1!!!!!1!!!!!!!!!!", id="ones among the marks"),
    ],
)
def test_shouting_is_held(text):
    assert measure(text).value >= HOLD


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("An ordinary sentence, calmly written.", id="calm"),
        pytest.param("NASA, ESA and UNESCO met the BBC.", id="abbreviations"),
        pytest.param("NATO EU UN", id="only abbreviations"),
        pytest.param("I said NO to that.", id="one stressed word"),
        pytest.param("This is NOT what we voted for, and it is NEVER going to work.", id="two stressed words"),
        pytest.param("LOL", id="lol"),
        pytest.param("OMG WTF", id="short cries"),
        pytest.param("GOAL!!!", id="a cheer"),
        pytest.param("Well done!!", id="two marks"),
        pytest.param("What?!?!", id="question and exclamation"),
        pytest.param("我不同意", id="no case"),
        pytest.param("אני לא מסכים בכלל עם המאמר", id="hebrew has no case"),
        pytest.param("👍👍👍", id="emojis"),
        pytest.param("12345", id="numbers"),
        pytest.param(
            "The headline BRIDGE SHUT UNTIL SPRING says it all, and the rest of the article too.", id="headline"
        ),
    ],
)
def test_calm_text_is_not_held(text):
    assert measure(text).value < HOLD


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        pytest.param("Look: THIS IS AN ABSOLUTE DISGRACE to us", "THIS IS AN ABSOLUTE DISGRACE", id="capitals"),
        pytest.param("No!!!!!!!!!!!!!!!! way", "!!!!!!!!!!!!!!!!", id="marks"),
    ],
)
def test_the_span_is_what_was_shouted(text, passage):
    spans = measure(text).spans
    assert passage in {text[span.start : span.end] for span in spans}


def test_calm_text_has_no_spans():
    assert measure("An ordinary sentence.").spans == ()


def test_half_a_comment_in_capitals_scores_half():
    text = "THEY SHOULD ALL RESIGN TODAY RIGHT NOW and i am very calm about all this"
    assert 0.3 < measure(text).value < 0.7


@given(st.text(min_size=1, max_size=200))
def test_always_a_number_in_range(text):
    score = measure(text)
    assert 0.0 <= score.value <= 1.0
    assert all(0 <= span.start < span.end <= len(text) for span in score.spans)


@given(st.text(alphabet="abcdefghij .,", max_size=120))
def test_lower_case_never_shouts(text):
    assert measure(text or "a").value == 0.0


@given(st.lists(st.sampled_from(["council", "bridge", "closed", "again"]), min_size=8, max_size=20))
def test_capitals_never_score_less_than_small_letters(words):
    text = " ".join(words)
    assert measure(text.upper()).value > measure(text).value
    assert measure(text.upper()).value >= HOLD


@given(st.integers(1, 60))
def test_more_marks_never_score_less(count):
    assert measure("no" + "!" * count).value <= measure("no" + "!" * (count + 1)).value
