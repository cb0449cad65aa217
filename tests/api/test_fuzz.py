"""Anything may be sent to the publisher's API: the answer is as the document says, and never a server error.

A few requests for each call; `make fuzz` sends more.
"""

import logging
import os

import pytest
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings

from belowline.api.routes import api
from belowline.notifications.webhooks import client
from belowline.stories.errors import StoryFetchError
from belowline.stories.models import PublisherKey

schemathesis = pytest.importorskip("schemathesis")
EXAMPLES = int(os.environ.get("BELOWLINE_FUZZ_EXAMPLES", "4"))
DOCUMENT = api.get_openapi_schema(path_prefix="/api/v1/")
CALLS = [(path, method.upper()) for path, item in DOCUMENT["paths"].items() for method in item]
FALSE_ALARMS = (404, 422)
"""What any call may answer besides what is described: ninja's document lists no errors."""


@pytest.fixture(scope="module")
def schema():
    loaded = schemathesis.openapi.from_dict(DOCUMENT)
    loaded.app = WSGIHandler()
    return loaded


@pytest.fixture
def key(site, webhook, make_story, monkeypatch):
    """A key of a site that has a webhook; nothing is sent to it, whatever address it gets."""

    def nowhere(*_):
        raise StoryFetchError("the name is unknown")

    monkeypatch.setattr(client, "answer_of", nowhere)
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    make_story(site)
    webhook()
    yield PublisherKey.issue(site, "fuzz")[1]
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@pytest.mark.parametrize(("path", "method"), CALLS)
def test_any_request(kept_connection, schema, key, path, method):
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import response_schema_conformance

    @given(case=schema[path][method].as_strategy())
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    def run(case):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {key}"}
        answer = case.call()
        checks = [not_a_server_error]
        if answer.status_code not in FALSE_ALARMS:
            checks.append(response_schema_conformance)
        else:
            assert answer.headers["content-type"] == ["application/problem+json"]
        case.validate_response(answer, checks=checks)

    run()


def test_every_call_is_tried():
    assert len(CALLS) == 11
