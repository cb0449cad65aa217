"""The description of the API: valid, complete, and true."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from belowline.api.routes import StoryOut, api


@pytest.fixture(scope="module")
def document():
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))


def nodes(tree):
    """Every object of the document."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value)


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_it_is_openapi_3_1(document):
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert (document["info"]["title"], document["info"]["version"]) == ("Belowline", "1")
    webhooks = {f"/api/v1/webhooks{path}" for path in ("", "/{webhook_id}")}
    below = {f"/api/v1/webhooks/{{webhook_id}}/{verb}" for verb in ("messages", "resend", "secret", "try")}
    assert set(document["paths"]) == {"/api/v1/stories/{key}", *webhooks, *below}


def test_every_reference_leads_somewhere(document):
    references = [node["$ref"] for node in nodes(document) if "$ref" in node]

    assert references
    for reference in references:
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
        assert place


def test_every_schema_is_one(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_has_a_name_an_answer_and_needs_a_key(document):
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert {"get_story", "put_story", "add_webhook", "list_webhooks"} <= set(names)
    assert len(names) == len(set(names)) == 11
    for path, method, operation in operations(document):
        assert operation["responses"], (path, method)
        assert operation["security"]
        assert operation.get("summary") or operation.get("description")
        wanted = set(re.findall(r"\{(\w+)\}", path))
        assert {entry["name"] for entry in operation["parameters"] if entry["in"] == "path"} == wanted


def test_keys_are_described_as_bearer_tokens(document):
    [scheme] = document["components"]["securitySchemes"].values()

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_it_is_served_to_everybody(stranger, document, site):
    answer = stranger.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["paths"] == document["paths"]


def test_what_is_answered_is_what_is_described(document, site, make_story, client):
    from belowline.stories.models import PublisherKey

    make_story(site)
    token = PublisherKey.issue(site, "tests")[1]
    answer = client.get("/api/v1/stories/bridge", headers={"Authorization": f"Bearer {token}"}).json()
    schema = document["components"]["schemas"]["StoryOut"]

    Draft202012Validator(schema | {"additionalProperties": False}).validate(answer)
    assert set(schema["required"]) == set(StoryOut.model_fields)
