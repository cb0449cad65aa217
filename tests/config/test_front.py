"""What stands before everything: names of requests, probes by any host name, and who is told of answers."""

import re

import pytest

from belowline.config.front import Front
from belowline.config.wsgi import ThreadPageCache, django_application
from belowline.logs import request_id


@pytest.fixture
def told():
    return []


@pytest.fixture
def front(told):
    """The whole application, with somebody who is told of every answer."""
    return Front(ThreadPageCache(django_application), [lambda *found: told.append(found)])


@pytest.fixture
def ask(front, wsgi):
    """Ask the application, or another one."""

    def call(path, method="GET", application=front, **headers):
        return wsgi(application, path, method, **headers)

    return call


def test_each_request_has_a_name_of_its_own(ask):
    names = [ask("/healthz")[1]["X-Request-ID"] for _ in range(3)]

    assert len(set(names)) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)
    assert request_id.get() == "", "and nothing has it afterwards"


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ("4bf92f35-77b3", True),
        ("short", False),
        ("a" * 65, False),
        ("line\nbreak and more", False),
        ("<script>xx", False),
    ],
)
def test_a_proxys_name_is_kept_where_it_is_one(ask, given, is_kept):
    assert (ask("/healthz", HTTP_X_REQUEST_ID=given)[1]["X-Request-ID"] == given) is is_kept


def test_the_name_is_known_while_it_is_answered(ask):
    seen = []

    def application(environ, start_response):
        seen.append(request_id.get())
        start_response("200 OK", [])
        return [b""]

    headers = ask("/", application=Front(application))[1]
    assert seen == [headers["X-Request-ID"]]


def test_probes_ask_by_any_host_name(ask):
    """A balancer asks the address of a machine; readers' pages are not given out under it."""
    assert ask("/healthz", HTTP_HOST="10.1.2.3:8000")[0] == 200
    assert ask("/readyz", HTTP_HOST="10.1.2.3:8000")[0] == 200
    assert ask("/faq/", HTTP_HOST="10.1.2.3:8000")[0] == 400


def test_a_probe_that_wants_no_body(ask):
    status, headers, body = ask("/healthz", "HEAD")

    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_who_is_told(ask, told, story):
    for path in (f"/discussion/{story.pk}/", f"/discussion/{story.pk}/", "/nothing/at/all", "/healthz", "/faq/"):
        ask(path)
    ask("/desk/", "POST")

    assert [(view, method, status) for view, method, status, _ in told] == [
        ("thread", "GET", 200),
        ("kept", "GET", 200),
        ("none", "GET", 404),
        ("healthz", "GET", 200),
        ("faq", "GET", 200),
        ("desk", "POST", 403),
    ]
    assert all(0 < seconds < 60 for *_, seconds in told)


def test_whoever_fails_is_told_of_too(ask, told):
    def application(environ, start_response):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        ask("/", application=Front(application, [lambda *found: told.append(found)]))
    assert told[0][:3] == ("kept", "GET", 500)
