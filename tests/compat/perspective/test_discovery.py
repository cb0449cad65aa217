"""The discovery document: from it Google's libraries build themselves, with this server's address."""

import json
import re

import pytest
from django.test import Client

from belowline.compat.perspective.schemas import SCHEMAS

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(settings):
    settings.BASE_URL = "https://comments.example/base"
    return Client().get("/$discovery/rest?version=v1alpha1").json()


def nodes(tree):
    """Every object of the document."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value)


@pytest.mark.parametrize(
    "path",
    [
        "/$discovery/rest?version=v1alpha1",
        "/%24discovery/rest?version=v1alpha1&key=AIzaAnything",
        "/$discovery/rest",
        "/$discovery/rest?version=v1alpha1&prettyPrint=false",
    ],
)
def test_it_is_served_to_everybody_without_a_key(path):
    answer = Client().get(path)

    assert (answer.status_code, answer.json()["id"]) == (200, "commentanalyzer:v1alpha1")
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("version", ["v1", "v2beta", ""])
def test_other_versions(version, message_of):
    assert message_of(Client().get(f"/$discovery/rest?version={version}"), 404)


def test_the_address_is_the_configured_one(document):
    assert document["rootUrl"] == document["baseUrl"] == "https://comments.example/base/"


@pytest.mark.parametrize("host", ["evil.example", "commentanalyzer.googleapis.com"])
def test_the_host_header_is_not_believed(settings, host):
    settings.ALLOWED_HOSTS = ["*"]
    settings.BASE_URL = "https://comments.example"
    answer = Client().get("/$discovery/rest", headers={"Host": host, "X-Forwarded-Host": host})

    assert answer.json()["rootUrl"] == "https://comments.example/"
    assert host not in answer.content.decode()


def test_it_names_no_address_of_googles_but_the_scope(document):
    found = set(re.findall(r"[\w.]*google[\w.]*", json.dumps(document)))

    assert found == {"www.googleapis.com"}


def test_every_reference_is_a_schema(document):
    references = {node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)}

    assert references <= set(document["schemas"])
    assert {"AnalyzeCommentRequest", "TextEntry", "Score"} <= references
    assert all(schema["id"] == name for name, schema in document["schemas"].items())


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("AttributeParameters scoreThreshold", ("number", "float")),
        ("Score value", ("number", "float")),
        ("SpanScore begin", ("integer", "int32")),
        ("SpanScore end", ("integer", "int32")),
        ("AnalyzeCommentRequest doNotStore", ("boolean", None)),
        ("AnalyzeCommentRequest spanAnnotations", ("boolean", None)),
        ("AnalyzeCommentRequest clientToken", ("string", None)),
    ],
)
def test_types(document, path, kind):
    schema, field = path.split()
    found = document["schemas"][schema]["properties"][field]

    assert (found["type"], found.get("format")) == kind


@pytest.mark.parametrize(
    ("schema", "field", "inner"),
    [
        ("AnalyzeCommentRequest", "requestedAttributes", "AttributeParameters"),
        ("AnalyzeCommentResponse", "attributeScores", "AttributeScores"),
        ("SuggestCommentScoreRequest", "attributeScores", "AttributeScores"),
    ],
)
def test_maps(document, schema, field, inner):
    assert document["schemas"][schema]["properties"][field]["additionalProperties"] == {"$ref": inner}


def test_an_answer_has_only_what_is_described(document, call, request_of):
    answer = call(request_of(clientToken="x")).json()
    [scores] = answer["attributeScores"].values()

    assert set(answer) <= set(SCHEMAS["AnalyzeCommentResponse"]["properties"])
    assert set(scores) == set(SCHEMAS["AttributeScores"]["properties"])
    assert set(scores["spanScores"][0]) == set(SCHEMAS["SpanScore"]["properties"])
