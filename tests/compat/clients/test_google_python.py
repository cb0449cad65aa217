"""google-api-python-client, as Google's own sample uses it."""

import json
import urllib.request

import pytest
from google.oauth2.credentials import Credentials
from googleapiclient import discovery
from googleapiclient.errors import HttpError

pytestmark = pytest.mark.xdist_group("clients")
GOOGLE = "https://commentanalyzer.googleapis.com/"


def build(door, **options):
    options = {"developerKey": door.key, "discoveryServiceUrl": door.discovery, "static_discovery": False} | options
    return discovery.build("commentanalyzer", "v1alpha1", **options)


@pytest.fixture(scope="module")
def client(door):
    return build(door)


def score_of(response, attribute="TOXICITY"):
    return response["attributeScores"][attribute]["summaryScore"]["value"]


def refusal(request):
    with pytest.raises(HttpError) as caught:
        request.execute()
    return caught.value


def test_the_sample(client, insult, kind):
    def analyze(text):
        request = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}}
        return client.comments().analyze(body=request).execute()

    response = analyze(insult)

    assert score_of(response) > 0.8
    assert score_of(analyze(kind)) < 0.3
    assert response["attributeScores"]["TOXICITY"]["summaryScore"]["type"] == "PROBABILITY"
    assert response["languages"] == ["en"]
    assert response["detectedLanguages"][0] == "en"


def test_every_field_of_a_request(client, three_sentences):
    text, places = three_sentences
    request = {
        "comment": {"text": text, "type": "PLAIN_TEXT"},
        "context": {"articleAndParentComment": {"article": {"text": "A walk"}, "parentComment": {"text": "Why?"}}},
        "requestedAttributes": {"INSULT": {"scoreType": "PROBABILITY"}, "THREAT": {"scoreThreshold": 0.999}},
        "languages": ["en"],
        "doNotStore": True,
        "clientToken": "comment-1",
        "sessionId": "session-1",
        "communityId": "/forum/walks",
        "spanAnnotations": True,
    }

    response = client.comments().analyze(body=request).execute()

    assert response["attributeScores"].keys() == {"INSULT"}
    spans = response["attributeScores"]["INSULT"]["spanScores"]
    assert [(span["begin"], span["end"]) for span in spans] == places
    first, second, third = [span["score"]["value"] for span in spans]
    assert second > 0.8
    assert max(first, third) < 0.4
    assert response["clientToken"] == "comment-1"
    assert response["languages"] == ["en"]


def test_partial_answers(client, insult):
    request = {"comment": {"text": insult}, "requestedAttributes": {"TOXICITY": {}}}

    response = (
        client.comments()
        .analyze(body=request, fields="attributeScores/TOXICITY/summaryScore/value", prettyPrint=False, x__xgafv="2")
        .execute()
    )

    assert response == {"attributeScores": {"TOXICITY": {"summaryScore": {"value": score_of(response)}}}}


def test_suggestions(client, kind):
    request = {
        "comment": {"text": kind},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}},
        "communityId": "/forum/tolls",
        "clientToken": "comment-53922",
    }

    response = client.comments().suggestscore(body=request).execute()

    assert response["clientToken"] == "comment-53922"
    assert response["detectedLanguages"][0] == "en"


def test_it_calls_nobody_but_us(client, door):
    request = client.comments().analyze(body={})

    assert request.uri == f"{door.url}/v1alpha1/comments:analyze?key={door.key}&alt=json"


def test_a_document_kept_in_a_file(door, insult, kind):
    kept = json.loads(urllib.request.urlopen(door.discovery).read()) | {"rootUrl": GOOGLE, "baseUrl": GOOGLE}
    client = discovery.build_from_document(
        json.dumps(kept), developerKey=door.key, client_options={"api_endpoint": f"{door.url}/"}
    )
    attributes = {"INSULT": {}}

    rude, polite = (
        client.comments().analyze(body={"comment": {"text": text}, "requestedAttributes": attributes}).execute()
        for text in (insult, kind)
    )

    assert score_of(rude, "INSULT") > score_of(polite, "INSULT")


def test_a_key_as_an_oauth_token(door, insult):
    client = build(door, developerKey=None, credentials=Credentials(door.key))
    request = {"comment": {"text": insult}, "requestedAttributes": {"TOXICITY": {}}}

    assert score_of(client.comments().analyze(body=request).execute()) > 0.8


@pytest.mark.parametrize(
    ("change", "reason", "error_type"),
    [
        ({"comment": {"text": ""}}, "Comment must be non-empty.", "COMMENT_EMPTY"),
        ({"comment": {"text": "x" * 20_481}}, "Comment text too long.", "COMMENT_TOO_LONG"),
        ({"requestedAttributes": {}}, "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES"),
        ({"requestedAttributes": {"WIT": {}}}, "Unknown requested attribute: WIT", "INVALID_REQUEST"),
        ({"comment": {"text": "Hi", "type": "HTML"}}, "Currently, only 'PLAIN_TEXT' comments", "INVALID_REQUEST"),
    ],
    ids=["empty", "long", "nothing asked", "unknown attribute", "HTML"],
)
def test_errors(client, kind, change, reason, error_type):
    request = {"comment": {"text": kind}, "requestedAttributes": {"TOXICITY": {}}} | change

    error = refusal(client.comments().analyze(body=request))

    assert error.status_code == 400
    assert error.reason.startswith(reason)
    assert [detail["errorType"] for detail in error.error_details] == [error_type]


def test_another_language(client):
    request = {"comment": {"text": "Akkam jirta?"}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["om"]}

    error = refusal(client.comments().analyze(body=request))

    # perspective.py and others look for this text in what the error prints.
    assert "Attribute TOXICITY does not support request languages: om" in str(error)
    inner = {"requestedLanguages": ["om"], "attribute": "TOXICITY"}
    assert error.error_details[0]["languageNotSupportedByAttributeError"] == inner


def test_a_wrong_key(door):
    error = refusal(build(door, developerKey="AIza-wrong").comments().analyze(body={}))

    assert error.status_code == 400
    assert error.reason == "API key not valid. Please pass a valid API key."
    assert error.error_details[0]["reason"] == "API_KEY_INVALID"


def test_a_spent_quota(door, kind):
    client = build(door, developerKey=door.belowline("keys", "create", "small", "--quota", "1"))
    request = {"comment": {"text": kind}, "requestedAttributes": {"TOXICITY": {}}}

    def spend():
        for _ in range(5):  # a minute may end in between
            client.comments().analyze(body=request).execute()

    with pytest.raises(HttpError) as caught:
        spend()
    error = caught.value
    assert error.status_code == 429
    assert error.reason.startswith("Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)'")
    assert error.error_details[0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert 1 <= int(error.resp["retry-after"]) <= 60


def test_a_batch(client, insult, kind):
    answers = {}

    def keep(name, response, error):
        answers[name] = error or score_of(response)

    # HELM and modelgauge call so, and nothing else; for HELM the comment itself is the name of a request.
    batch = client.new_batch_http_request(callback=keep)
    for name, text in ((insult, insult), (kind, kind), ("0", "")):
        request = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}}
        batch.add(client.comments().analyze(body=request), request_id=name)
    batch.execute()

    assert answers[insult] > 0.8
    assert answers[kind] < 0.3
    assert (answers["0"].status_code, answers["0"].reason) == (400, "Comment must be non-empty.")
