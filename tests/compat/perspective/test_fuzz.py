"""Anything may be sent: the answer is never a server error, and always an envelope."""

import json
import logging

import pytest
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

schemathesis = pytest.importorskip("schemathesis")

EXAMPLES = 80
METHODS = ("analyze", "suggestscore", "batchAnalyze")
WORDS = st.sampled_from(
    ["You idiot.", "Hello 😀. ", "\n", "\u200b", "\x00", "e\u0301", "日本。", "ᏣᎳᎩ", "\u2028", "x" * 300]
)
TEXT = st.lists(WORDS, max_size=6).map("".join) | st.text(max_size=40)
NAMES = st.sampled_from(["TOXICITY", "INSULT@1", "OFF_TOPIC", "SPAM", "TOXICITY@9", "X", "", "THREAT_EXPERIMENTAL"])
ENTRY = st.fixed_dictionaries(
    {}, optional={"text": TEXT, "type": st.sampled_from(["PLAIN_TEXT", "HTML", 0, 1, "X", None])}
)
SCORE = st.fixed_dictionaries(
    {}, optional={"value": st.floats() | st.integers(), "type": st.sampled_from(["RAW", 1, "X"])}
)
SPAN = st.fixed_dictionaries({}, optional={"begin": st.integers(), "end": st.integers(0, 9), "score": SCORE})
SCORES = st.fixed_dictionaries({}, optional={"summaryScore": SCORE, "spanScores": st.lists(SPAN, max_size=2)})
ASKED = st.fixed_dictionaries(
    {},
    optional={"scoreType": st.sampled_from(["PROBABILITY", 3, "RAW", "😀"]), "scoreThreshold": st.floats() | st.text()},
)
FORMS = {
    "entries": st.lists(ENTRY, max_size=3),
    "articleAndParentComment": st.dictionaries(st.sampled_from(["article", "parentComment"]), ENTRY),
}
CONTEXT = st.fixed_dictionaries({}, optional=FORMS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
REQUEST = st.fixed_dictionaries(
    {"comment": ENTRY, "requestedAttributes": st.dictionaries(NAMES, ASKED | st.just({}), max_size=3)},
    optional={
        "context": CONTEXT,
        "languages": st.lists(st.sampled_from(["en", "om", "", "en-GB", "x" * 90])) | st.just(None),
        "spanAnnotations": st.sampled_from([True, "true", 1]),
        "clientToken": TEXT,
        "communityId": TEXT,
    },
)
SUGGESTION = st.fixed_dictionaries(
    {"comment": ENTRY, "attributeScores": st.dictionaries(NAMES, SCORES, max_size=2)},
    optional={"context": CONTEXT, "clientToken": TEXT, "communityId": TEXT, "languages": st.lists(TEXT, max_size=2)},
)
few = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink])
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(open_door, caplog):
    """No keys are needed, and refusals are not printed."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@st.composite
def damaged(draw, requests):
    """A request in which some values were replaced, taken away or added."""
    request = json.loads(json.dumps(draw(requests)))
    for _ in range(draw(st.integers(0, 3))):
        place = request
        while isinstance(place, dict) and place and draw(st.booleans()):
            below = place[draw(st.sampled_from(sorted(place)))]
            if not isinstance(below, dict):
                break
            place = below
        if isinstance(place, dict):
            name = draw(st.sampled_from([*sorted(place), "extra", "do_not_store"]))
            place[name] = draw(JSON)
    return request


@st.composite
def careless(draw):
    """A request's JSON with single quotes, missing quotes, or a byte changed."""
    body = json.dumps(draw(REQUEST), ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    for old, new in draw(
        st.lists(
            st.sampled_from([(b'"', b"'"), (b'"comment"', b"comment"), (b"}", b",}"), (b":", b""), (b"e", b"\xe9")])
        )
    ):
        body = body.replace(old, new)
    at = draw(st.integers(0, len(body)))
    return body[:at] + draw(st.binary(max_size=2)) + body[at + draw(st.integers(0, 2)) :]


def is_answered(answer):
    """No server error, and an envelope around every refusal."""
    assert answer.status_code < 500, answer.content
    body = json.loads(answer.content)
    if answer.status_code == 200:
        assert "error" not in body
    else:
        assert body["error"]["code"] == answer.status_code
        assert body["error"]["details"][0]["@type"]
        assert body["error"]["message"]
    return body


@pytest.mark.parametrize("name", METHODS)
@few
@given(body=st.binary(max_size=120) | careless())
def test_any_bytes(send, name, body):
    is_answered(send(body, name=name))


@few
@given(body=damaged(REQUEST))
def test_damaged_requests(send, body):
    found = is_answered(send(json.dumps(body).encode()))
    for scores in found.get("attributeScores", {}).values():
        assert 0 <= scores["summaryScore"]["value"] <= 1


@few
@given(body=damaged(SUGGESTION))
def test_damaged_suggestions(call, body):
    is_answered(call(json.dumps(body).encode(), name="suggestscore"))


@few
@given(bodies=st.lists(damaged(REQUEST) | JSON, max_size=3))
def test_damaged_batches(send, bodies):
    found = is_answered(send(json.dumps({"requests": bodies}).encode(), name="batchAnalyze"))

    assert len(found.get("responses", bodies)) == len(bodies)
    assert all(("error" in one) != ("languages" in one) for one in found.get("responses", []))


@few
@given(
    query=st.dictionaries(
        st.sampled_from(["key", "fields", "alt", "callback", "prettyPrint", "quotaUser", "$.xgafv", "x"]),
        TEXT,
        max_size=4,
    )
)
def test_any_parameters(send, request_of, query):
    answer = send(request_of("Hello."), query=query)

    assert answer.status_code in {200, 400}
    assert "javascript" in answer["Content-Type"] or is_answered(answer) is not None


# --- the OpenAPI document, tried by schemathesis


@pytest.fixture(scope="module")
def schema():
    """The document as schemathesis reads it, before any test and without a database."""
    from belowline.compat.perspective.openapi import openapi_document

    loaded = schemathesis.openapi.from_dict(openapi_document("http://localhost"))
    loaded.app = WSGIHandler()
    return loaded


@pytest.fixture
def conform(kept_connection, schema):
    """Try a method with any request that the document allows, and some that it does not."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

    def attempt(name, *left_out):
        @given(case=schema[f"/v1alpha1/comments:{name}"]["POST"].as_strategy())
        @settings(max_examples=40, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
        def run(case):
            case.query = {parameter: value for parameter, value in case.query.items() if parameter not in left_out}
            case.call_and_validate(checks=checks)

        run()

    return attempt


@pytest.mark.parametrize("name", METHODS)
def test_answers_conform_to_the_document(conform, name):
    conform(name, "callback", "fields")


@pytest.mark.parametrize("name", METHODS)
def test_answers_conform_whatever_the_parameters(conform, name):
    conform(name)
