"""comments:batchAnalyze: each request answered or refused by itself, in order."""

import pytest

RUDE = "You are a complete idiot and everybody in this town knows it."


@pytest.fixture
def batch(call):
    """Send a body to the batch method."""
    return lambda body, **options: call(body, name="batchAnalyze", **options)


def test_answers_stand_where_their_requests_stood(batch, call, request_of):
    requests = [request_of(), request_of(""), request_of(RUDE, "INSULT", spanAnnotations=True), {}, {"x": 1}, 7, None]
    answers = batch({"requests": requests}).json()["responses"]

    assert answers == [call(one).json() for one in requests[:5]] + answers[5:]
    assert [next(iter(answer)) for answer in answers[5:]] == ["error", "error"]
    assert all(answer["error"]["details"][0] for answer in answers if "error" in answer)


def test_a_batch_in_careless_json(batch):
    body = b"{requests: [{comment: {text: 'Hello'}, requested_attributes: {TOXICITY: {}}}]}"

    assert batch(body).json()["responses"][0]["attributeScores"]


@pytest.mark.parametrize("size", [1, 250])
def test_sizes(batch, request_of, size):
    assert len(batch({"requests": [request_of("Hello.")] * size}).json()["responses"]) == size


@pytest.mark.parametrize(
    "body",
    [{}, [], None, {"requests": []}, {"requests": {}}, {"requests": [{}] * 1_001}, {"requests": [{}], "more": 1}],
)
def test_what_is_no_batch(batch, message_of, body):
    assert "atch" in message_of(batch(body)) or "requests" in message_of(batch(body))


def test_a_mask_goes_into_the_answers(batch, request_of):
    answer = batch({"requests": [request_of()]}, query={"fields": "responses/languages"})

    assert answer.json() == {"responses": [{"languages": ["en"]}]}
