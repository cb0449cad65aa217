"""PyPerspective 1.0.4 and perspective 1.0.3 from the Python package index, unchanged but for the host."""

import json
from urllib.error import HTTPError

import PyPerspective.Perspective
import pytest
from perspective import PerspectiveAPI
from PyPerspective.errors import InvalidAuthKey

pytestmark = pytest.mark.xdist_group("clients")


@pytest.fixture
def pointed(door, monkeypatch):
    """PyPerspective with its one global changed."""
    monkeypatch.setattr(PyPerspective.Perspective, "base_url", f"{door.url}/v1alpha1/comments:analyze")
    return PyPerspective.Perspective.Perspective


@pytest.fixture
def client(door):
    made = PerspectiveAPI(door.key)
    made.api_client.url = f"{door.url}/v1alpha1/{{endpoint}}"
    return made


def test_pyperspective_checks_its_key_with_an_empty_body(pointed, door):
    pointed(door.key)
    with pytest.raises(InvalidAuthKey):
        pointed("AIza-wrong")


def test_pyperspective_reads_everything(pointed, door, insult, kind):
    tests = ["TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT", "SEXUALLY_EXPLICIT"]
    client = pointed(door.key)

    rude, polite = client.get_score(insult, tests=tests), client.get_score(kind, tests=tests)

    assert [attribute.name for attribute in rude.attributes] == tests
    for name in ("toxicity", "insult"):
        assert rude[name].score > 0.7
        assert polite[name].score < 0.3
    assert all(rude[name].score > polite[name].score for name in ("severe_toxicity", "profanity"))
    assert {attribute.score_type for attribute in rude.attributes} == {"PROBABILITY"}
    (span,) = rude["insult"].spans
    assert (span.start, span.end, str(span)) == (0, len(insult), insult)
    assert span.score == rude["insult"].score
    assert (rude.requests_langs, rude.detected_langs[0]) == (["en"], "en")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"langs": "fr"}, "Attribute TOXICITY does not support request languages: fr"),
        ({"tests": "FLIRTATION"}, "Unknown requested attribute: FLIRTATION"),
    ],
    ids=["language", "attribute"],
)
def test_pyperspective_comes_to_its_own_error(pointed, door, kind, options, message):
    class Raised(Exception):  # noqa: N818 - stands in for ApiException, which cannot take what its own client gives it
        def __init__(self, text, raw_data):
            super().__init__(text)
            self.raw_data = raw_data

    client = pointed(door.key)
    with pytest.raises(TypeError, match="ApiException"):
        client.get_score(kind, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PyPerspective.Perspective, "ApiException", Raised)
        with pytest.raises(Raised) as caught:
            client.get_score(kind, **options)
    assert str(caught.value) == f"[400][INVALID_ARGUMENT]: {message}"
    assert caught.value.raw_data["error"]["details"]


def test_perspective_scores(client, insult, kind):
    rude, polite = client.score(insult, tests=["TOXICITY", "INSULT"]), client.score(kind, tests=["TOXICITY", "INSULT"])

    assert rude.keys() == {"TOXICITY", "INSULT"}
    assert min(rude.values()) > 0.8
    assert max(polite.values()) < 0.3
    assert client.score(insult) == {"TOXICITY": rude["TOXICITY"]}


def test_perspective_analyzes(client, three_sentences):
    text, places = three_sentences

    response = client.analyze_comment(
        text,
        comment_type="PLAIN_TEXT",
        context=[{"text": "A walk along the harbour", "type": "PLAIN_TEXT"}, {"text": "Why?"}],
        requested_attributes={"TOXICITY": {"scoreType": "PROBABILITY", "scoreThreshold": 0.0}, "INSULT": {}},
        span_annotations=True,
        languages=["en"],
        do_not_store=True,
        client_token="comment-7",
        session_id="session-7",
        community_id="community-7",
    )

    assert response["clientToken"] == "comment-7"
    assert response["languages"] == ["en"]
    for scores in response["attributeScores"].values():
        assert [(span["begin"], span["end"]) for span in scores["spanScores"]] == places
        assert scores["spanScores"][1]["score"]["value"] > 0.8


def test_perspective_suggests(client, door, kind):
    response = client.suggest_score(
        kind,
        {"TOXICITY": {"summaryScore": {"value": 0.0}, "spanScores": [{"begin": 0, "end": 5, "score": {"value": 0.0}}]}},
        context=[{"text": "About the tolls"}],
        languages=["en"],
        client_token="suggestion-7",
        community_id="perspective-1.0.3",
    )

    assert response["clientToken"] == "suggestion-7"
    assert response["requestedLanguages"] == ["en"]
    kept = json.loads(door.belowline("keys", "history", "1", "--community", "perspective-1.0.3"))
    assert (kept["text"], kept["client_token"], kept["languages"]) == (kind, "suggestion-7", ["en"])
    assert kept["scores"]["TOXICITY"]["summaryScore"]["value"] == 0


def test_perspective_raises_what_its_library_raises(client):
    with pytest.raises(HTTPError) as caught:
        client.score("")

    assert caught.value.code == 400
    assert json.load(caught.value)["error"]["message"] == "Comment must be non-empty."
