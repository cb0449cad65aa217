"""The door as OpenAPI 3.1: valid, complete, and true of the answers."""

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(settings):
    settings.BASE_URL = "https://comments.example"
    answer = Client().get("/v1alpha1/openapi.json")
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
def validate(document):
    """Hold an answer against a schema of the document."""

    def check(body, name):
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        Draft202012Validator(schema).validate(body)

    return check


def test_it_is_openapi_3_1_at_the_configured_address(document):
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "https://comments.example"}]


def test_every_method_is_described(document):
    methods = ("analyze", "suggestscore", "batchAnalyze")

    assert set(document["paths"]) == {f"/v1alpha1/comments:{name}" for name in methods}
    for item in document["paths"].values():
        operation = item["post"]
        assert set(operation["responses"]) >= {"200", "400", "403", "429", "503"}
        assert "key" in {parameter["name"] for parameter in operation["parameters"]}


def nodes(tree):
    """Every object of the document."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value)


def test_every_schema_is_one(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere(document):
    references = {node["$ref"].rpartition("/") for node in nodes(document) if isinstance(node.get("$ref"), str)}

    assert {place for place, _, _ in references} == {"#/components/schemas"}
    assert {name for _, _, name in references} <= set(document["components"]["schemas"])


@pytest.mark.parametrize(
    ("method", "name"),
    [("analyze", "AnalyzeCommentResponse"), ("batchAnalyze", "BatchAnalyzeResponse")],
)
def test_answers_are_as_described(call, request_of, validate, method, name):
    body = request_of("Hello 😀. Go on.", "TOXICITY", "INSULT@1", spanAnnotations=True, clientToken="x")
    answer = call({"requests": [body, {}]} if method == "batchAnalyze" else body, name=method)

    validate(answer.json(), name)


def test_a_suggestion_is_answered_as_described(call, validate):
    body = {"comment": {"text": "x"}, "attributeScores": {"THREAT": {"summaryScore": {"value": 1}}}}

    validate(call(body, name="suggestscore").json(), "SuggestCommentScoreResponse")


@pytest.mark.parametrize(("body", "key"), [({}, None), ([], None), ({"comment": 1}, None), ({}, "x"), ({}, "")])
def test_errors_are_as_described(call, validate, body, key):
    validate(call(body, **({} if key is None else {"key": key})).json(), "Error")
