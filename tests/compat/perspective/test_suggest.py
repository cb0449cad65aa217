"""comments:suggestscore: kept once for each token and key, and nothing is learnt from it."""

import hashlib

import pytest
from django.apps import apps

from belowline.compat.models import Suggestion
from belowline.engine.models.bundle import shipped_folder

RIGHT = {"TOXICITY": {"summaryScore": {"value": 1}}}
TEXT = "You are a complete idiot and everybody in this town knows it."


@pytest.fixture
def suggest(call):
    """Suggest scores for a comment."""

    def ask(scores=RIGHT, text=TEXT, key=None, **more):
        body = {"comment": {"text": text}, "attributeScores": scores, "languages": ["en"]} | more
        body = {name: value for name, value in body.items() if value is not None}
        return call(body, name="suggestscore", **({"key": key} if key else {}))

    return ask


def test_the_answer(suggest):
    answer = suggest(clientToken="comment-53922", communityId="/forum/movies")

    assert answer.status_code == 200
    assert answer.json() == {
        "clientToken": "comment-53922",
        "detectedLanguages": ["en"],
        "requestedLanguages": ["en"],
    }


def test_what_is_kept(suggest, issue):
    row, token = issue()
    context = {"entries": [{"text": '{"url": "https://gazette.example/bridge"}'}]}
    suggest(key=token, clientToken="comment:1", communityId="Coral:https://gazette.example", context=context)
    kept = Suggestion.objects.get()

    assert (kept.key, kept.text, kept.attribute_scores, kept.languages) == (row, TEXT, RIGHT, ["en"])
    assert (kept.community, kept.client_token) == ("Coral:https://gazette.example", "comment:1")
    assert kept.context == context


def test_languages_are_detected_where_none_is_named(suggest):
    answer = suggest(languages=None).json()

    assert (answer["requestedLanguages"], answer["detectedLanguages"]) == ([], ["en"])
    assert Suggestion.objects.get().languages == ["en"]


def test_languages_that_no_model_reads_may_be_suggested(suggest):
    assert suggest(languages=["om"]).json()["requestedLanguages"] == ["om"]


@pytest.mark.parametrize(
    "scores",
    [
        {"TOXICITY": {"summaryScore": {"value": 0}}},
        {"TOXICITY": {"summaryScore": {"value": 0.5, "type": "PROBABILITY"}}},
        {"LIKELY_TO_REJECT": {"summaryScore": {"value": 1}}},
        {"TOXICITY@1": {"summaryScore": {"value": 1}}},
        {"TOXICITY": {"spanScores": [{"begin": 0, "end": 3, "score": {"value": 1}}]}},
        {"TOXICITY": {"summaryScore": {"value": 1}}, "INSULT": {"summaryScore": {"value": 0}}},
    ],
)
def test_suggestions_that_are_kept(suggest, scores):
    assert suggest(scores).status_code == 200
    assert Suggestion.objects.get().attribute_scores == scores


def span(**changes):
    whole = {"begin": 0, "end": 3, "score": {"value": 1}} | changes
    return {"TOXICITY": {"spanScores": [{name: value for name, value in whole.items() if value is not None}]}}


@pytest.mark.parametrize(
    ("scores", "part"),
    [
        ({}, "attribute_scores must not be empty."),
        (None, "attribute_scores must not be empty."),
        ({"TOXICITY": {}}, "must not be empty"),
        ({"TOXICITY": {"spanScores": []}}, "must not be empty"),
        ({"TOXICITY": {"summaryScore": {}}}, "needs a value"),
        ({"TOXICITY": {"summaryScore": {"type": "PROBABILITY"}}}, "needs a value"),
        ({"TOXICITY": {"summaryScore": {"value": 1.01}}}, "between 0 and 1"),
        ({"TOXICITY": {"summaryScore": {"value": -0.01}}}, "between 0 and 1"),
        ({"TOXICITY": {"summaryScore": {"value": 1, "type": "RAW"}}}, "Only PROBABILITY"),
        ({"toxicity": {"summaryScore": {"value": 1}}}, "names an attribute that is none"),
        ({"": {"summaryScore": {"value": 1}}}, "names an attribute that is none"),
        (span(begin=None), "needs begin and end"),
        (span(end=None), "needs begin and end"),
        (span(score=None), "needs a value"),
        (span(score={}), "needs a value"),
        (span(begin=4), "ends before it begins"),
        (span(begin=-1), "ends before it begins"),
    ],
)
def test_what_is_refused_is_not_kept(suggest, message_of, scores, part):
    answer = suggest(scores)

    assert part in message_of(answer)
    assert answer.json()["error"]["details"][0]["errorType"] == "INVALID_REQUEST"
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"text": ""}, "Comment must be non-empty."),
        ({"text": "x" * 20_481}, "Comment text too long."),
        ({"clientToken": "x" * 501}, "clientToken has more than 500 characters."),
        ({"communityId": "x" * 501}, "communityId has more than 500 characters."),
        ({"requestedAttributes": {}}, 'Unknown name "requestedAttributes"'),
        ({"context": {"entries": [{}], "articleAndParentComment": {}}}, "Context can have either"),
    ],
)
def test_wrong_requests(suggest, message_of, more, part):
    assert part in message_of(suggest(**more))
    assert not Suggestion.objects.exists()


def test_the_same_token_again_replaces(suggest):
    suggest(clientToken="comment:1")
    suggest({"TOXICITY": {"summaryScore": {"value": 0}}}, "Another text.", clientToken="comment:1")
    kept = Suggestion.objects.get()

    assert (kept.text, kept.attribute_scores["TOXICITY"]["summaryScore"]["value"]) == ("Another text.", 0)


def test_without_a_token_each_is_kept(suggest):
    suggest()
    suggest()
    suggest(clientToken="")

    assert Suggestion.objects.count() == 3


def test_the_tokens_of_another_key_are_its_own(suggest, issue):
    suggest(clientToken="comment:1")
    suggest(clientToken="comment:1", key=issue()[1])

    assert Suggestion.objects.count() == 2


def test_communities_are_told_apart(suggest):
    for number, community in enumerate(("/a", "/b", "/a")):
        suggest(communityId=community, clientToken=f"comment:{number}")

    assert Suggestion.objects.filter(community="/a").count() == 2


def test_null_characters_are_kept_as_marks(suggest):
    context = {"entries": [{"text": "a\x00b"}]}
    answer = suggest(text="a\x00b", clientToken="a\x00b", communityId="\x00", languages=["\x00"], context=context)
    kept = Suggestion.objects.get()

    assert answer.status_code == 200
    assert answer.json()["clientToken"] == "a\x00b"
    assert (kept.text, kept.client_token, kept.community, kept.languages) == ("a�b", "a�b", "�", ["�"])
    assert kept.context == {"entries": [{"text": "a�b"}]}


def test_without_a_key_nothing_is_kept(open_door, db, send):
    body = {"comment": {"text": TEXT}, "attributeScores": RIGHT, "clientToken": "x"}

    assert send(body, name="suggestscore").json()["clientToken"] == "x"
    assert not Suggestion.objects.exists()


def test_nothing_else_is_kept(suggest):
    def rows():
        return {model._meta.label: model._default_manager.count() for model in apps.get_models()}

    before = rows()
    suggest(clientToken="x", sessionId="s")

    assert {label: count - before[label] for label, count in rows().items() if count != before[label]} == {
        "compat.Suggestion": 1
    }


def digests():
    """The SHA-256 of every shipped file of weights."""
    names = ("abuse", "perspective", "topic")
    files = [file for name in names for file in shipped_folder(name).iterdir() if file.is_file()]
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_nothing_is_learnt(suggest, score):
    before = digests(), score(TEXT, "TOXICITY", "INSULT")
    for number in range(50):
        assert suggest({"TOXICITY": {"summaryScore": {"value": 0}}}, clientToken=f"comment:{number}").status_code == 200

    assert (digests(), score(TEXT, "TOXICITY", "INSULT")) == before
    assert Suggestion.objects.count() == 50
