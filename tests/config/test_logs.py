"""Lines for people and for programs; never what somebody wrote, nor an address, whatever goes wrong."""

import io
import json
import logging

import pytest
from django.conf import settings
from django.db import DatabaseError

from belowline import logs
from belowline.comments.models import Comment
from belowline.config.front import Front
from belowline.config.wsgi import django_application
from belowline.logs import JsonFormatter, LineFormatter, log_request, name_tasks, request_id
from belowline.moderation.actions import record_decision
from belowline.stories.tasks import read_story_text

SECRET = "What a wombat of a harbour bridge, said nobody but me."
ADDRESS = "marjorie@reader.example"


@pytest.fixture(params=[LineFormatter, JsonFormatter], ids=["line", "json"])
def written(request):
    """Everything that is logged, at the most talkative level, as it would be written."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream.getvalue
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def post_it(as_reader, story, wsgi):
    """Post the text over WSGI, as a browser does; return the status."""

    def call():
        token = "a" * 32
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in as_reader.cookies.items())
        form = {"text": SECRET, "idempotency_key": "logged", "nudged": "1", "email": ADDRESS}
        headers = {"HTTP_COOKIE": f"{cookies}; csrftoken={token}", "HTTP_X_CSRFTOKEN": token}
        application = Front(django_application, [log_request])
        path = f"/discussion/{story.pk}/post/"
        return wsgi(application, path, "POST", form, HTTP_X_REQUEST_ID="request-0001", **headers)[0]

    return call


def check(text):
    assert "wombat" not in text
    assert "nobody but me" not in text
    assert ADDRESS not in text


@pytest.mark.django_db
def test_a_comment_that_is_posted(written, post_it):
    assert post_it() == 302
    assert Comment.objects.get().text_source == SECRET

    check(written())
    assert "request-0001" in written()
    assert "post-comment" in written()


@pytest.mark.django_db
def test_a_comment_that_the_database_refuses(written, post_it, monkeypatch):
    """PostgreSQL's messages name the value that it refuses, and a trace would quote them."""

    def fail(*_, **__):
        raise DatabaseError(f"invalid value: {SECRET} of {ADDRESS}")

    monkeypatch.setattr(record_decision, "record_event", fail)
    assert post_it() == 503
    check(written())
    assert "DatabaseError" in written()


@pytest.mark.django_db
def test_an_error_that_nobody_expected(written, post_it, monkeypatch):
    """Django logs it with its trace: the frames are there, the message is not."""

    def fail(*_, **__):
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise RuntimeError(ADDRESS) from error

    monkeypatch.setattr(record_decision, "record_event", fail)
    assert post_it() == 500
    check(written())
    assert "builtins.ValueError" in written()
    assert "builtins.RuntimeError" in written()
    assert "test_logs.py" in written(), "where it was raised"


@pytest.mark.django_db
def test_paths_are_not_logged(written, stranger):
    """Some hold a token."""
    stranger.get("/act/a-token-that-is-secret/")
    stranger.get("/nothing/a-token-that-is-secret")

    assert "404" in written()
    assert "a-token-that-is-secret" not in written()


# --- the forms


def record(message="It works", *args, **more):
    return logging.makeLogRecord(
        {"name": "belowline.x", "levelname": "INFO", "msg": message, "args": args, "created": 0} | more
    )


def test_a_line():
    token = request_id.set("abcd1234")
    try:
        assert LineFormatter().format(record("%d of %d", 1, 2)) == (
            "1970-01-01T00:00:00.000+00:00 INFO belowline.x [abcd1234]: 1 of 2"
        )
    finally:
        request_id.reset(token)
    assert LineFormatter().format(record()).endswith("INFO belowline.x: It works")


def test_json_is_one_object_on_one_line():
    line = JsonFormatter().format(record("two\nlines", fields={"view": "faq", "status": 200}))

    assert "\n" not in line
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "level": "INFO",
        "logger": "belowline.x",
        "message": "two lines",
        "view": "faq",
        "status": 200,
    }


def test_a_trace_in_json():
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        line = JsonFormatter().format(record(exc_info=(KeyError, error, error.__traceback__)))

    assert json.loads(line)["trace"].endswith("builtins.KeyError")
    check(line)


def test_the_request_of_a_line_and_what_it_says(caplog):
    with caplog.at_level(logging.INFO, "belowline.requests"):
        log_request("faq", "GET", 200, 0.0123)

    [found] = caplog.records
    assert found.getMessage() == "GET faq 200 in 12.3 ms"
    assert json.loads(JsonFormatter().format(found))["ms"] == 12.3


@pytest.mark.django_db
def test_what_a_worker_logs_bears_the_tasks_name(monkeypatch):
    from django_tasks.signals import task_started

    name_tasks()
    token = request_id.set("")
    try:
        result = read_story_text.enqueue(1)
        task_started.send(type(read_story_text.get_backend()), task_result=result)
        assert request_id.get() == f"task-{result.id}"
    finally:
        request_id.reset(token)
        task_started.disconnect(dispatch_uid="logs")


def test_django_writes_by_our_formatters_alone():
    """Its own handlers name paths, and mail traces to administrators."""
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]
    for name in ("django", "django.request", "django.server", "django.security"):
        assert logging.getLogger(name).handlers == [], name
    assert issubclass(logs.JsonFormatter, logs.LineFormatter)
