"""Keyboard noise and piles of signs; never bad spelling, other scripts or abbreviations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.incoherence import IncoherenceSignal, is_noise
from belowline.engine.submission import Submission

HOLD = 0.7


def measure(text):
    return IncoherenceSignal().measure(Prepared(Submission(text=text), Settings()))["incoherence"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("asdfghjkl", id="a row of keys"),
        pytest.param("lkjhgfdsa poiuytrewq", id="rows backwards"),
        pytest.param("sdkfjhsdkjfh aksjdhaksjdh fjdkslaf", id="mashed keys"),
        pytest.param(
            "sdkfjhs dlkfjh wqpoeiru zxmcnv asdlkfj qwe ;lkj asdf hjkl mnbvcx sdfsdfg oiuwer zzxcv", id="a cat"
        ),
        pytest.param("asdasdasdasd", id="stammer"),
        pytest.param("qwertyuiop qwertyuiop", id="top row twice"),
        pytest.param("xkcdqzvbkjx wqzxvkjq", id="rare pairs"),
        pytest.param("." * 60, id="dots"),
        pytest.param("%$#@^&*()_+{}|:<>?%$#@^&*()", id="signs"),
        pytest.param("👍" * 80, id="eighty pictures"),
    ],
)
def test_noise_is_held(text):
    assert measure(text).value >= HOLD


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("👍", id="one picture"),
        pytest.param("👍👍👍🔥🔥", id="five pictures"),
        pytest.param("❤️", id="heart"),
        pytest.param("+1", id="plus one"),
        pytest.param("?!", id="question"),
        pytest.param("???", id="three question marks"),
        pytest.param("...", id="dots"),
        pytest.param("¯\\_(ツ)_/¯", id="shrug"),
        pytest.param(":-)", id="smiley"),
        pytest.param("LOL", id="lol"),
        pytest.param("NHS BBC HMRC DWP", id="abbreviations"),
        pytest.param("hmmmmmm", id="hmm"),
        pytest.param("pfffft brrrrr shhhh zzzzz grrrr", id="noises"),
        pytest.param("hahahahahaha", id="laughter"),
        pytest.param("jajajajaja", id="spanish laughter"),
        pytest.param("teh goverment shud of fixd it yeers ago", id="bad spelling"),
        pytest.param("wot r u on abt m8 tbh idk ngl", id="slang"),
        pytest.param("Rechtsschutzversicherungsgesellschaften", id="german compound"),
        pytest.param("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch", id="welsh place"),
        pytest.param("Knightsbridge strengths rhythm", id="consonants"),
        pytest.param("szczęście chrząszcz przybyszewski", id="polish"),
        pytest.param("Mkhitaryan Schwarzkopf Brzezinski Szczesny", id="names"),
        pytest.param("Это полный бред", id="russian"),
        pytest.param("橋が閉まった", id="japanese"),
        pytest.param("הגשר נסגר", id="hebrew"),
        pytest.param("1984", id="a year"),
        pytest.param("6-0", id="a score"),
        pytest.param("qwerty keyboards", id="the word qwerty"),
        pytest.param("https://example.com/asdfghjkl", id="inside an address, among words"),
        pytest.param("noooooooooo", id="stretched"),
        pytest.param("An ordinary sentence about the bridge.", id="english"),
    ],
)
def test_readable_text_is_not_held(text):
    assert measure(text).value < HOLD


def test_one_slip_in_a_sentence_counts_for_its_share():
    score = measure("The bridge sdkfjhsdkjfh was shut on Wednesday and stays shut")
    assert 0.05 < score.value < 0.4


def test_the_span_marks_the_noise():
    text = "well, sdkfjhsdkjfh it is"
    assert [text[span.start : span.end] for span in measure(text).spans] == ["sdkfjhsdkjfh"]


def test_spans_stand_in_the_original():
    text = "well, \u200b sdk\u200bfjhsdkjfh it is"
    assert [text[span.start : span.end] for span in measure(text).spans] == ["sdk\u200bfjhsdkjfh"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("asdfgh", True),
        ("sdkfjhsd", True),
        ("xyzxyzxyz", True),
        ("bridge", False),
        ("asdf", False),
        ("property", False),
        ("lalalala", False),
        ("überquerung", False),
        ("abc123def", False),
        ("qwerty", False),
        ("qwertyuiop", True),
    ],
)
def test_is_noise(word, expected):
    assert is_noise(word) is expected


@given(st.text(min_size=1, max_size=200))
def test_always_a_number_in_range(text):
    score = measure(text)
    assert 0.0 <= score.value <= 1.0
    assert all(0 <= span.start < span.end <= len(text) for span in score.spans)


@given(st.text(alphabet="абвгдежзиклмнопрстуфхцчшщэюя ", min_size=1, max_size=80))
def test_other_alphabets_are_never_noise(text):
    assert measure(text or "а").value < HOLD


@given(st.integers(1, 100))
def test_more_signs_never_score_less(count):
    assert measure("." * count).value <= measure("." * (count + 1)).value < 1.0
