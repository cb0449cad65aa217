"""Languages: told where they can be told, and never wrong about short texts."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.engine.text import language
from belowline.engine.text.language import (
    COMMON,
    detect_language,
    guess_language,
    is_supported,
    language_confidences,
    language_name,
)

LONG = [
    pytest.param("en", "I have lived here for thirty years and have never heard such nonsense.", id="english"),
    pytest.param("de", "Ich wohne seit dreißig Jahren hier und habe noch nie so einen Unsinn gehört.", id="german"),
    pytest.param("fr", "J'habite ici depuis trente ans et je n'ai jamais entendu une telle bêtise.", id="french"),
    pytest.param("es", "Vivo aquí desde hace treinta años y nunca he oído semejante tontería.", id="spanish"),
    pytest.param("pt", "Moro aqui há trinta anos e nunca ouvi um disparate tão grande, meu senhor.", id="portuguese"),
    pytest.param("it", "Abito qui da trent'anni e non ho mai sentito una sciocchezza del genere.", id="italian"),
    pytest.param("nl", "Ik woon hier al dertig jaar en heb nog nooit zulke onzin gehoord, echt waar.", id="dutch"),
    pytest.param("sv", "Jag har bott här i trettio år och har aldrig hört ett sådant nonsens förut.", id="swedish"),
    pytest.param("pl", "Mieszkam tu od trzydziestu lat i nigdy nie słyszałem takich bzdur.", id="polish"),
    pytest.param("tr", "Otuz yıldır burada yaşıyorum ve hiç böyle bir saçmalık duymadım.", id="turkish"),
    pytest.param(
        "fi", "Olen asunut täällä kolmekymmentä vuotta enkä ole koskaan kuullut moista hölynpölyä.", id="finnish"
    ),
    pytest.param("ru", "Живу здесь тридцать лет и никогда не слышал такой чепухи.", id="russian"),
    pytest.param("uk", "Живу тут тридцять років і ніколи не чув такої нісенітниці, їй-богу.", id="ukrainian"),
    pytest.param("el", "Μένω εδώ τριάντα χρόνια και δεν έχω ξανακούσει τέτοια ανοησία.", id="greek"),
    pytest.param("he", "אני גר כאן שלושים שנה ומעולם לא שמעתי שטות כזאת.", id="hebrew"),
    pytest.param("ar", "أعيش هنا منذ ثلاثين عامًا ولم أسمع قط مثل هذا الهراء.", id="arabic"),
    pytest.param("hi", "मैं तीस साल से यहाँ रह रहा हूँ और ऐसी बकवास कभी नहीं सुनी।", id="hindi"),
    pytest.param("ja", "三十年ここに住んでいますが、こんな馬鹿な話は聞いたことがありません。", id="japanese"),
    pytest.param("zh", "我在这里住了三十年从来没有听过这样的胡说八道", id="chinese"),
    pytest.param("ko", "여기서 삼십 년을 살았지만 이런 헛소리는 처음 듣습니다.", id="korean"),
    pytest.param("th", "ฉันอยู่ที่นี่มาสามสิบปีและไม่เคยได้ยินเรื่องไร้สาระแบบนี้", id="thai"),
]

SHORT = [
    pytest.param("lol", id="lol"),
    pytest.param("Exactly. Just like 2016.", id="short english"),
    pytest.param("👍", id="one emoji"),
    pytest.param("👍👍🔥🔥", id="emojis"),
    pytest.param("+1", id="plus one"),
    pytest.param("2-1, 3-0, 14:30", id="numbers"),
    pytest.param("NASA", id="abbreviation"),
    pytest.param("José Mourinho", id="a name"),
    pytest.param("Schadenfreude!", id="a borrowed word"),
    pytest.param("c'est la vie", id="a borrowed phrase"),
    pytest.param("Touché", id="a borrowed word with an accent"),
    pytest.param("https://www.spiegel.de/politik/deutschland/eine-lange-deutsche-adresse", id="an address"),
    pytest.param("@einlangerdeutschername #nochlängeresdeutscheswort", id="handle and tag"),
    pytest.param("", id="empty"),
    pytest.param("   ", id="blank"),
    pytest.param("?!?!", id="signs"),
]


@pytest.mark.parametrize(("code", "text"), LONG)
def test_long_texts_are_told(code, text):
    assert detect_language(text, ("en",)) == code


@pytest.mark.parametrize(("code", "text"), LONG)
def test_long_texts_are_told_by_a_site_in_that_language(code, text):
    guess = guess_language(text, (code, "en"))
    assert guess.code == code
    assert guess.confidence > 0.0


@pytest.mark.parametrize("text", SHORT)
def test_short_texts_count_as_the_first_language(text):
    assert detect_language(text, ("en", "de")) == "en"
    assert guess_language(text, ("en", "de")).confidence < 0.35


@pytest.mark.parametrize("text", SHORT)
def test_short_texts_give_little_to_other_languages(text):
    assert language_confidences(text, ("en",)).of_others(("en",)) < 0.35


@pytest.mark.parametrize(
    ("text", "languages", "code"),
    [
        pytest.param("קראתי את המאמר", ("yi", "en"), "yi", id="hebrew letters on a yiddish site"),
        pytest.param("我在这里住了三十年", ("ja",), "ja", id="han alone on a japanese site"),
        pytest.param("我在这里住了三十年", ("en",), "zh", id="han alone on an english site"),
    ],
)
def test_a_script_goes_to_the_site_that_writes_it(text, languages, code):
    assert detect_language(text, languages) == code


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_never_fails_and_stays_in_range(text):
    guess = guess_language(text, ("en", "fr"))
    assert guess.code
    assert 0.0 <= guess.confidence <= 1.0


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=100))
def test_confidences_are_shares(text):
    found, trust, foreign = language_confidences(text, ("en",))
    assert all(0.0 <= value <= 1.0 for value in found.values())
    assert sum(found.values()) <= 1.0 + 1e-6
    assert 0.0 <= trust <= 1.0
    assert 0.0 <= foreign <= 1.0


def test_english_with_a_quotation_stays_english():
    text = "As they say in Vienna, morgen ist auch noch ein Tag, and that is what the council seems to think."
    assert detect_language(text, ("en",)) == "en"


def test_only_the_beginning_of_a_long_text_is_read():
    text = (
        "I have lived here for thirty years and never heard this. " * 20 + "Das ist Unsinn und alle wissen es. " * 400
    )
    assert detect_language(text, ("en",)) == "en"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("de", "German"),
        ("he", "Hebrew"),
        ("nb", "Norwegian"),
        ("am", "Amharic"),
        ("und", "an unknown language"),
        ("xx", "xx"),
    ],
)
def test_names(code, name):
    assert language_name(code) == name


@pytest.mark.parametrize("code", COMMON)
def test_every_common_language_has_a_name_and_is_supported(code):
    assert is_supported(code)
    assert language_name(code)[0].isupper()


@pytest.mark.parametrize("code", ["mt", "gl", "xx"])
def test_others_are_not_supported(code):
    assert not is_supported(code)


def test_a_site_in_an_unsupported_language_still_gets_an_answer():
    assert detect_language("Kif int illum", ("mt",)) == "mt"


def test_many_threads_may_ask_at_once():
    texts = [f"Ich wohne seit dreißig Jahren hier und habe noch nie so etwas gehört, Nummer {n}." for n in range(8)]
    found = []
    threads = [
        threading.Thread(target=lambda text=text: found.append(detect_language(text, ("en", "it")))) for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["de"] * 8


@pytest.mark.parametrize("text", ["idiot " * 20, "Stupid stupid STUPID! " * 9, "moron, " * 15])
def test_a_word_said_again_tells_no_more_of_its_language(text):
    assert detect_language(text, ["en"]) == "en"


def test_digits_that_are_chance_are_left_out():
    language_confidences.cache_clear()
    found = [language_confidences.__wrapped__("Ich habe dort ein Haus und einen Garten", ("en",)) for _ in range(20)]

    assert all(one == found[0] for one in found)
    assert all(value == round(value, 9) for value in found[0].found.values())


ENGLISH = "They say that it is the fault of the council, but nobody who lives there would agree with any of that."


@pytest.fixture
def measured(monkeypatch):
    """The texts that lingua was asked about since."""
    asked = []
    measure = language._measure
    monkeypatch.setattr(language, "_measure", lambda text, languages: asked.append(text) or measure(text, languages))
    language_confidences.cache_clear()
    return asked


def test_a_site_in_english_alone_asks_nobody_where_small_words_tell(measured):
    assert guess_language(ENGLISH, ("en",)).code == "en"
    assert language_confidences(ENGLISH, ("en",)).of_others(("en",)) == 0.0
    assert measured == []


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        pytest.param(ENGLISH, ("en", "de"), id="a site in two languages"),
        pytest.param(ENGLISH, ("de",), id="a site in another one"),
        pytest.param("Das ist doch wirklich das Dümmste, was ich heute gelesen habe.", ("en",), id="no small words"),
    ],
)
def test_others_are_measured(measured, text, languages):
    language_confidences(text, languages)

    assert measured == [text]


@pytest.mark.parametrize(
    "text", [ENGLISH, f"{ENGLISH} Das ist doch wirklich das Dümmste.", "It is what it is, they said"]
)
def test_what_is_not_measured_would_have_changed_nothing(text):
    told = language_confidences(text, ("en",))
    assert told.foreign == 0.0

    asked = told._replace(found=language._measure(text, ("en",)))

    assert told.of_others(("en",)) == asked.of_others(("en",)) == 0.0
