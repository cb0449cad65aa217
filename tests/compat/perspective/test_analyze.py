"""comments:analyze: attributes, languages, thresholds, scales, the article and the comment replied to."""

import pytest

from belowline.compat.perspective.analyze import story_of
from belowline.compat.perspective.attributes import PRODUCTION, SCORES, is_supported
from belowline.compat.perspective.versions import versions
from belowline.engine.errors import ModelError

CIVIL = "The council has decided to keep the old harbour bridge open for another year."
RUDE = "You are a complete idiot and everybody in this town knows it."
FRENCH = "Le conseil municipal a décidé de garder le vieux pont ouvert pendant une année de plus."
ARTICLE = (
    "Harbour bridge stays open\nThe council has decided to keep the old harbour bridge open for another year. "
    "Its cables were repaired in spring, and the tolls will pay for new ones, an engineer of the council said."
)
ON_TOPIC = "The council should have repaired the cables of the harbour bridge years ago, and without any tolls."
OFF_TOPIC = "My grandmother bakes wonderful chocolate cakes with walnuts, vanilla sugar and cinnamon every Sunday."
REPLY = "Does she put cinnamon and walnuts into the chocolate cakes, or only vanilla sugar as my aunt does?"


# --- attributes


@pytest.mark.parametrize("name", [name for name in SCORES if name != "OFF_TOPIC"])
def test_every_attribute(score, name):
    assert 0 <= score(RUDE, name)[name] <= 1


@pytest.mark.parametrize("name", PRODUCTION)
def test_the_experimental_ones_are_the_production_ones(score, name):
    found = score(RUDE, name, f"{name}_EXPERIMENTAL")

    assert found[name] == found[f"{name}_EXPERIMENTAL"]


@pytest.mark.parametrize(
    "name",
    [
        *("LIKELY_TO_REJECT", "FLIRTATION", "AFFINITY_EXPERIMENTAL", "TOXICITY_FAST", "toxicity", "", " TOXICITY"),
        *(
            "TOXICITY@",
            "TOXICITY@x",
            "TOXICITY@-1",
            "TOXICITY@1.0",
            "TOXICITY@９",
            "TOXICITY@123456",
            "TOXICITY@1@1",
            "@1",
        ),
    ],
)
def test_what_no_model_was_trained_for_is_unknown(call, request_of, message_of, name):
    assert message_of(call(request_of(RUDE, name))) == f"Unknown requested attribute: {name}"


def test_a_long_name_is_repeated_short(call, request_of, message_of):
    assert len(message_of(call(request_of(RUDE, "X" * 100_000)))) < 1_000


def test_one_unknown_attribute_refuses_the_request(call, request_of, message_of):
    assert message_of(call(request_of(RUDE, "TOXICITY", "NICENESS"))) == "Unknown requested attribute: NICENESS"


def test_attributes_come_in_the_order_asked(score):
    names = ["THREAT", "TOXICITY", "INSULT"]

    assert list(score(RUDE, *names)) == names


def test_rude_scores_higher_than_civil(score):
    rude, civil = score(RUDE, *PRODUCTION), score(CIVIL, *PRODUCTION)

    assert rude["TOXICITY"] > 0.7 > civil["TOXICITY"]
    assert all(rude[name] > civil[name] for name in ("TOXICITY", "INSULT", "PROFANITY"))


def test_the_same_again_scores_the_same(score):
    assert score(RUDE, *PRODUCTION) == score(RUDE, *PRODUCTION)


@pytest.mark.parametrize("kind", ["STD_DEV_SCORE", "FOO BAR<", "x" * 1_000])
def test_a_score_type_is_repeated_short(call, request_of, message_of, kind):
    message = message_of(call(request_of(requestedAttributes={"TOXICITY": {"scoreType": kind}})))

    assert message.startswith("Requested score type ")
    assert message.endswith(" is not supported by attribute TOXICITY")
    assert len(message) < 200


@pytest.mark.parametrize("kind", ["PROBABILITY", "SCORE_TYPE_UNSPECIFIED", 0, 1, None])
def test_score_types_that_are_served(call, request_of, kind):
    [answer] = call(request_of(requestedAttributes={"THREAT": {"scoreType": kind}})).json()["attributeScores"].values()

    assert answer["summaryScore"]["type"] == "PROBABILITY"


# --- thresholds


@pytest.mark.parametrize("threshold", [0, -1, 0.0, "0", None])
def test_a_threshold_that_all_reach(call, request_of, threshold):
    asked = {"TOXICITY": {"scoreThreshold": threshold}}

    assert "TOXICITY" in call(request_of(requestedAttributes=asked)).json()["attributeScores"]


def test_a_score_at_the_threshold_is_given(score, call, request_of):
    value = score(RUDE, "TOXICITY")["TOXICITY"]
    asked = {"TOXICITY": {"scoreThreshold": value - 1e-6}, "INSULT": {"scoreThreshold": 2}}

    assert set(call(request_of(RUDE, requestedAttributes=asked)).json()["attributeScores"]) == {"TOXICITY"}


def test_all_below_their_threshold(call, request_of):
    asked = {"TOXICITY": {"scoreThreshold": 1}, "THREAT": {"scoreThreshold": 1}}

    assert call(request_of(requestedAttributes=asked)).json() == {"languages": ["en"], "detectedLanguages": ["en"]}


# --- languages


@pytest.mark.parametrize("language", ["en", "EN", "en-GB", "en_US"])
def test_english_under_any_name(call, request_of, language):
    assert call(request_of(languages=[language])).json()["languages"] == [language]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", True), ("en-au", True), ("EN_US", True), ("de", False), ("hi-Latn", False), ("", False), ("eng", False)],
)
def test_supported_languages(language, expected):
    assert is_supported(language) is expected


@pytest.mark.parametrize("more", [{"languages": None}, {"languages": []}])
def test_languages_that_were_not_named_are_detected(call, request_of, more):
    answer = call(request_of(**more)).json()

    assert (answer["languages"], answer["detectedLanguages"][0]) == (["en"], "en")


@pytest.mark.parametrize("text", ["You are an idiot.", "Go away, liar."])
def test_a_short_text_is_in_no_second_language(call, request_of, text):
    assert call(request_of(text, languages=None)).json()["detectedLanguages"] == ["en"]


def test_detected_french(call, request_of, message_of):
    answer = call(request_of(FRENCH, languages=None))

    assert message_of(answer) == "Attribute TOXICITY does not support request languages: fr"
    inner = answer.json()["error"]["details"][0]["languageNotSupportedByAttributeError"]
    assert inner == {"detectedLanguages": ["fr"], "attribute": "TOXICITY"}


def test_who_insists_on_english_gets_a_score(call, request_of):
    answer = call(request_of(FRENCH)).json()

    assert (answer["languages"], answer["detectedLanguages"][0]) == (["en"], "fr")
    assert answer["attributeScores"]


@pytest.mark.parametrize("text", ["yo hamburger", "lol", "ok", "👍", "1234", "?!", "https://example.org/"])
def test_short_texts_count_as_english(call, request_of, text):
    assert call(request_of(text, languages=None)).status_code == 200


@pytest.mark.parametrize(("languages", "status"), [(("en", "fr"), 200), (("fr", "en"), 400), (("en",), 200)])
def test_the_languages_of_a_key_are_expected(issue, send, request_of, languages, status):
    found = send(request_of("Bonjour", languages=None), query={"key": issue(languages=languages)[1]})

    assert found.status_code == status


# --- echoes


@pytest.mark.parametrize("opaque", ["comment-1", "", "é😀\n", "x" * 5_000], ids=["word", "empty", "lines", "long"])
def test_the_client_token_comes_back(call, request_of, opaque):
    assert call(request_of(clientToken=opaque)).json()["clientToken"] == opaque


def test_nothing_else_comes_back(call, request_of):
    answer = call(request_of(sessionId="s", communityId="c", doNotStore=False)).json()

    assert set(answer) == {"attributeScores", "languages", "detectedLanguages"}


# --- scales


def test_the_scale_of_a_key(issue, score):
    names = ["TOXICITY", "INSULT", "THREAT"]
    ours = issue(scale="calibrated")[1]
    texts = [CIVIL, "This is nonsense, and you know it.", RUDE, ON_TOPIC]
    calibrated = [score(text, *names, key=ours) for text in texts]
    theirs = [score(text, *names) for text in texts]

    for name in names:
        assert [one[name] for one in calibrated] != [one[name] for one in theirs]
        order = sorted(range(len(texts)), key=lambda place: calibrated[place][name])
        assert order == sorted(range(len(texts)), key=lambda place: theirs[place][name])


def test_the_calibrated_scale_is_the_score_of_the_engine(issue, score):
    from belowline.engine.shared import shared_engine
    from belowline.engine.submission import Submission

    found = score(RUDE, "TOXICITY", key=issue(scale="calibrated")[1])["TOXICITY"]

    assert found == pytest.approx(
        shared_engine().score(Submission(text=RUDE, language="en"))[0]["toxicity"].value, abs=1e-7
    )


# --- the article, and the comment replied to


def by_entries(*texts):
    return {"entries": [{"text": text} for text in texts]}


def by_name(article, parent=None):
    return {
        "articleAndParentComment": {"article": {"text": article}}
        | ({"parentComment": {"text": parent}} if parent else {})
    }


@pytest.mark.parametrize("form", [by_entries, by_name])
def test_off_topic(score, form):
    on, off = (score(text, "OFF_TOPIC", context=form(ARTICLE))["OFF_TOPIC"] for text in (ON_TOPIC, OFF_TOPIC))

    assert on < 0.5 < off


@pytest.mark.parametrize("form", [by_entries, by_name])
def test_a_reply_is_measured_against_what_it_replies_to(score, form):
    alone = score(REPLY, "OFF_TOPIC", context=form(ARTICLE))["OFF_TOPIC"]
    below = score(REPLY, "OFF_TOPIC", context=form(ARTICLE, OFF_TOPIC))["OFF_TOPIC"]

    assert below < alone


def test_both_forms_say_the_same(score):
    found = [score(REPLY, "OFF_TOPIC", context=form(ARTICLE, OFF_TOPIC)) for form in (by_entries, by_name)]

    assert found[0] == found[1]


@pytest.mark.parametrize(
    "context", [None, {}, {"entries": []}, by_entries(""), by_entries("  "), by_name(""), {"entries": [{}]}]
)
def test_without_an_article_there_is_nothing_to_be_off(call, request_of, message_of, context):
    assert "OFF_TOPIC needs the article" in message_of(call(request_of(ON_TOPIC, "OFF_TOPIC", context=context)))


@pytest.mark.parametrize("context", [by_entries(ARTICLE), by_name(ARTICLE, RUDE), {}, None])
def test_context_does_not_change_the_abuse(score, context):
    assert score(RUDE, "TOXICITY", context=context) == score(RUDE, "TOXICITY")


def test_abuse_and_topic_at_once(score):
    found = score(OFF_TOPIC, "TOXICITY", "OFF_TOPIC", context=by_entries(ARTICLE))

    assert set(found) == {"TOXICITY", "OFF_TOPIC"}


@pytest.mark.parametrize("names", [("TOXICITY", "OFF_TOPIC@1"), ("OFF_TOPIC", "TOXICITY@1")])
def test_abuse_and_topic_with_and_without_a_version(call, request_of, names):
    assert call(request_of(OFF_TOPIC, *names, context=by_entries(ARTICLE))).status_code == 200


@pytest.mark.parametrize(
    ("article", "title", "body"),
    [
        ("A headline\nThe text.\nMore.", "A headline", "The text.\nMore."),
        ("A headline", "A headline", ""),
        ("word " * 100, "word " * 59 + "word", "word " * 99 + "word"),
        ("x" * 400, "x" * 300, "x" * 400),
    ],
)
def test_the_first_line_is_the_headline(article, title, body):
    story = story_of(article)

    assert (story.title, story.body) == (title, body)


# --- scores that cannot be computed


def test_a_score_that_fails_may_be_asked_for_again(call, request_of, message_of, monkeypatch):
    from belowline.engine.decision import Score

    def fail(submission, names):
        return dict.fromkeys(names, Score.unchecked("timeout"))

    monkeypatch.setattr(versions().newest, "score", fail)
    answer = call(request_of())

    assert message_of(answer, 503) == "Attribute TOXICITY could not be scored; try again."
    assert answer.json()["error"]["status"] == "UNAVAILABLE"


def test_models_that_cannot_be_loaded(call, request_of, message_of, monkeypatch, caplog):
    def fail():
        raise ModelError("the model `abuse` is damaged")

    monkeypatch.setattr("belowline.compat.perspective.analyze.versions", fail)

    assert message_of(call(request_of()), 500) == "Internal error encountered."
    assert "ModelError" in caplog.text
