"""Comments in another language than the site's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.language import LanguageSignal
from belowline.engine.submission import Submission

HOLD = 0.6


def measure(text, languages=("en",)):
    prepared = Prepared(Submission(text=text), Settings(languages=languages))
    return LanguageSignal().measure(prepared)["other_language"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param(
            "Das ist doch wirklich das Dümmste, was ich heute gelesen habe, meine Herren.", "German", id="german"
        ),
        pytest.param("Chez nous c'était un cygne qui bloquait le bac tous les dimanches.", "French", id="french"),
        pytest.param("Vivo aquí desde hace treinta años y nunca he oído semejante tontería.", "Spanish", id="spanish"),
        pytest.param("Это полный бред, и все это давно знают", "Russian", id="russian"),
        pytest.param("אני גר כאן שלושים שנה ומעולם לא שמעתי שטות כזאת", "Hebrew", id="hebrew"),
        pytest.param("أعيش هنا منذ ثلاثين عامًا ولم أسمع قط مثل هذا الهراء", "Arabic", id="arabic"),
        pytest.param("三十年ここに住んでいますが、こんな話は聞いたことがありません。", "Japanese", id="japanese"),
        pytest.param("我在这里住了三十年从来没有听过这样的胡说八道", "Chinese", id="chinese"),
    ],
)
def test_other_languages_are_held(text, name):
    score = measure(text)
    assert score.value >= HOLD
    assert score.evidence == name


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("I have lived here for thirty years and have never heard such nonsense.", id="english"),
        pytest.param("lol", id="lol"),
        pytest.param("Exactly. Just like 2016.", id="short"),
        pytest.param("👍👍👍", id="emojis"),
        pytest.param("NASA ESA BBC ITV", id="abbreviations"),
        pytest.param("José Mourinho, Cristiano Ronaldo, Gianluigi Buffon", id="names"),
        pytest.param("Angela Merkel, Olaf Scholz, Franz Müntefering, Frank-Walter Steinmeier", id="german names"),
        pytest.param("c'est la vie, as my neighbour says", id="a borrowed phrase"),
        pytest.param("wot a load of rubbish u lot r talkin innit", id="slang"),
        pytest.param("teh goverment shud of fixd it yeers ago", id="misspelt"),
        pytest.param("https://www.spiegel.de/politik/deutschland/eine-lange-adresse-in-deutscher-sprache", id="a link"),
        pytest.param("12,345 / 67.8% (2019-2020)", id="numbers"),
        pytest.param(
            "My gran always said Morgenstund hat Gold im Mund and she was right about that too.", id="quotation"
        ),
        pytest.param("YOU SHOULD ALL BE ASHAMED OF WHAT YOU HAVE DONE", id="capitals"),
    ],
)
def test_english_is_never_held(text):
    assert measure(text).value < 0.4


def test_short_foreign_words_stay_near_zero():
    assert measure("Schadenfreude!").value < 0.2
    assert measure("Bravo!").value < 0.1


def test_every_language_of_the_site_is_welcome():
    text = "Das ist doch wirklich das Dümmste, was ich heute gelesen habe, meine Herren."
    assert measure(text, ("en", "de")).value < 0.1
    assert measure(text, ("de",)).value < 0.1


def test_english_is_another_language_on_a_german_site():
    score = measure("I have lived here for thirty years and have never heard such nonsense.", ("de",))
    assert score.value >= HOLD
    assert score.evidence == "English"


def test_a_site_in_an_unknown_language_holds_nobody():
    assert measure("Kif int illum, ħabib? Dan l-artiklu huwa tajjeb ħafna għalina.", ("mt",)).value == 0.0


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_always_a_number_in_range(text):
    assert 0.0 <= measure(text).value <= 1.0


def test_names_itself():
    signal = LanguageSignal()
    assert signal.scores == ("other_language",)
    assert signal.version.startswith(signal.name)
