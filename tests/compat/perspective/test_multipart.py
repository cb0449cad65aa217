"""POST /batch: several calls in one multipart body, each with a key, a quota and an answer of its own."""

import json
from contextlib import suppress
from email import message_from_bytes

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from belowline.compat.perspective.errors import ApiError
from belowline.compat.perspective.multipart import MAX_PARTS, read_parts

RUDE = "You are a complete idiot and everybody in this town knows it."
MIXED = 'multipart/mixed; boundary="cut"'


def part(body, *, path="/v1alpha1/comments:analyze", key="", content_id="<a + 1>", line_end="\n", first=None):
    """One call, as google-api-python-client writes it."""
    head = first or f"POST {path}?key={key}&alt=json HTTP/1.1"
    lines = ["Content-Type: application/http", "MIME-Version: 1.0", f"Content-ID: {content_id}", ""]
    lines += [head, "Content-Type: application/json", "", body if isinstance(body, str) else json.dumps(body)]
    return line_end.join(lines)


def joined(*parts):
    return ("".join(f"--cut\r\n{one}\r\n" for one in parts) + "--cut--\r\n").encode()


def analysis(text=RUDE):
    return {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["en"]}


@pytest.fixture
def post(db):
    def send(body, content_type=MIXED):
        return Client().post("/batch", body, content_type=content_type)

    return send


def answers_of(response):
    """Content-ID, status, headers and JSON of each part."""
    message = message_from_bytes(f"Content-Type: {response['Content-Type']}\r\n\r\n".encode() + response.content)
    for one in message.get_payload():
        head, _, body = one.get_payload().replace("\r\n", "\n").partition("\n\n")
        yield one["Content-ID"], int(head.split(" ")[1]), head, json.loads(body)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_each_part_has_its_answer(post, issue, line_end):
    (_, one), (_, other) = issue(), issue()
    parts = [
        part(analysis(), key=one, content_id="<id + 1>", line_end=line_end),
        part(analysis(""), key=other, content_id="<id + 2>", line_end=line_end),
        part(analysis(), key="nobody's", content_id="<id + 3>", line_end=line_end),
        part({}, path="/v1alpha1/comments:praise", key=one, content_id="<id + 4>", line_end=line_end),
    ]
    found = list(answers_of(post(joined(*parts))))

    assert [content_id for content_id, *_ in found] == [f"<response-id + {number}>" for number in (1, 2, 3, 4)]
    assert [status for _, status, *_ in found] == [200, 400, 400, 404]
    assert found[0][3]["attributeScores"]["TOXICITY"]["summaryScore"]["value"] > 0.7
    assert found[1][3]["error"]["message"] == "Comment must be non-empty."
    assert found[2][3]["error"]["details"][0]["reason"] == "API_KEY_INVALID"


def test_each_part_takes_from_its_own_quota(post, issue):
    _key, token = issue(quota_per_minute=2)
    found = list(answers_of(post(joined(*(part(analysis(), key=token) for _ in range(3))))))

    assert [status for _, status, *_ in found] == [200, 200, 429]
    assert 'RateLimit: "minute";r=0;' in found[1][2]


def test_the_key_may_be_a_header_of_the_whole(db, issue):
    token = issue()[1]
    body = joined(part(analysis(), key=""))
    response = Client().post("/batch", body, content_type=MIXED, headers={"X-Goog-Api-Key": token})

    assert [status for _, status, *_ in answers_of(response)] == [200]


def test_a_folded_content_id_comes_back_in_one_line(post, issue):
    long_id = "<" + "word\n " * 30 + "end>"
    (found,) = answers_of(post(joined(part(analysis(), key=issue()[1], content_id=long_id))))

    assert found[0] == "<response-" + "word " * 30 + "end>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"", MIXED, id="empty"),
        pytest.param(b"{}", "application/json", id="no multipart"),
        pytest.param(b"--other--", MIXED, id="another boundary"),
        pytest.param(joined(part({}, first="GET /v1alpha1/comments:analyze HTTP/1.1")), MIXED, id="not POST"),
        pytest.param(joined(part({}, first="nonsense")), MIXED, id="no request line"),
        pytest.param(joined(*[part("")] * (MAX_PARTS + 1)), MIXED, id="too many"),
    ],
)
def test_what_is_no_batch_is_refused(post, body, content_type):
    response = post(body, content_type)

    assert response.status_code == 400
    assert response.json()["error"]["details"][0]["errorType"] == "INVALID_REQUEST"


def test_only_post(db):
    assert Client().get("/batch").status_code == 405


@given(st.binary(max_size=300), st.text(max_size=60))
def test_nothing_but_an_api_error_is_raised(body, content_type):
    for kind in (content_type, MIXED):
        with suppress(ApiError):
            parts = read_parts(kind, b"--cut\r\n" + body + b"\r\n--cut--")
            assert 1 <= len(parts) <= MAX_PARTS
