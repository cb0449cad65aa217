"""Calls of the Perspective door, with a key of its own for every test."""

import json
from urllib.parse import urlencode

import pytest
from django.test import Client

CIVIL = "The council has decided to keep the old harbour bridge open for another year."
RUDE = "You are a complete idiot and everybody in this town knows it."


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """Let no test remember keys, quotas and counts of another, nor write counts down by itself."""
    from belowline.compat import quota
    from belowline.compat.perspective import door

    monkeypatch.setattr(quota, "WRITE_AFTER_SECONDS", 3_600.0)
    yield
    door.forget_keys()
    quota.quota._leases.clear()
    quota.use._counts.clear()
    if quota.use._timer:
        quota.use._timer.cancel()
        quota.use._timer = None


@pytest.fixture
def issue(db):
    """Make a key; the row and its text."""
    from belowline.compat.actions.issue_key import issue_key

    def make(**fields):
        return issue_key(**{"label": "tests"} | fields)

    return make


@pytest.fixture
def token(issue):
    return issue()[1]


@pytest.fixture
def request_of():
    """A request message: a text, the attributes to score, and whatever else."""

    def build(text=CIVIL, *attributes, **more):
        names = attributes or ("TOXICITY",)
        body = {"comment": {"text": text}, "requestedAttributes": {name: {} for name in names}, "languages": ["en"]}
        return {name: value for name, value in (body | more).items() if value is not None}

    return build


@pytest.fixture
def send():
    """Call a method without a key of its own; the body is sent as JSON, or as it is."""

    def call(body=b"", *, name="analyze", method="POST", query=None, content_type="application/json", headers=None):
        data = body if isinstance(body, bytes) else json.dumps(body)
        path = f"/v1alpha1/comments:{name}" + (f"?{urlencode(query)}" if query else "")
        return Client().generic(method, path, data, content_type=content_type, headers=headers)

    return call


@pytest.fixture
def call(send, token):
    """Call a method with the test's key."""

    def ask(body=b"", *, key=token, query=None, **options):
        return send(body, query={"key": key} | (query or {}), **options)

    return ask


@pytest.fixture
def open_door(settings):
    """The door without keys, and so without a database."""
    settings.API_KEYS_REQUIRED = False


@pytest.fixture
def score(call, request_of):
    """The summary scores of a text by attribute."""

    def find(text, *attributes, key=None, **more):
        answer = call(request_of(text, *attributes, **more), **({"key": key} if key else {}))
        assert answer.status_code == 200, answer.content
        return {name: one["summaryScore"]["value"] for name, one in answer.json()["attributeScores"].items()}

    return find


@pytest.fixture
def message_of():
    """The message of an error, after a look at its envelope."""

    def read(answer, status=400):
        error = answer.json()["error"]
        assert set(answer.json()) == {"error"}
        assert (answer.status_code, error["code"]) == (status, status)
        assert set(error) == {"code", "message", "status", "details"}
        assert error["details"][0]["@type"].startswith("type.googleapis.com/google.")
        return error["message"]

    return read
