"""What is sent to OpenTelemetry: a span for each request, judgement and task, with nothing that somebody wrote."""

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import DatabaseError
from django_tasks.signals import task_finished, task_started

from belowline import traces
from belowline.config.front import Front, view_of
from belowline.config.wsgi import django_application
from belowline.moderation import engine
from belowline.moderation.actions import record_decision
from belowline.stories.tasks import read_story_text

SECRET = "What a wombat of a harbour bridge, said nobody but me."
ADDRESS = "marjorie@reader.example"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exporter():
    """What was sent."""
    sdk = pytest.importorskip(
        "opentelemetry.sdk.trace.export.in_memory_span_exporter", reason="`make test-telemetry` installs the SDK first"
    )
    return sdk.InMemorySpanExporter()


@pytest.fixture
def provider(exporter):
    """Sends each span as it ends."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    return lambda: traces.provider(SimpleSpanProcessor(exporter), os.environ)


@pytest.fixture
def tracer(provider):
    """Makes spans of this process' work."""
    found = traces.tracer_of(provider())
    traces.trace_work(found)
    yield found
    traces.stop_tracing_work()


@pytest.fixture
def application(tracer):
    """The newsroom, traced."""
    return traces.TracedApplication(Front(django_application), tracer, view_of)


@pytest.fixture
def spans(exporter):
    """What was sent, by name."""
    return lambda: {span.name: span for span in exporter.get_finished_spans()}


@pytest.fixture
def post_it(as_reader, story, wsgi, application):
    """Post the text over WSGI, as a browser does; return the status."""

    def call():
        token = "a" * 32
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in as_reader.cookies.items())
        form = {"text": SECRET, "idempotency_key": "traced", "nudged": "1", "email": ADDRESS}
        headers = {"HTTP_COOKIE": f"{cookies}; csrftoken={token}", "HTTP_X_CSRFTOKEN": token}
        return wsgi(application, f"/discussion/{story.pk}/post/?a=wombat", "POST", form, **headers)[0]

    return call


def view(environ):
    return "faq"


def check(exporter):
    text = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert text
    for secret in ("wombat", "nobody but me", ADDRESS, "127.0.0.1", "INSERT", "SELECT", "/discussion/", "exception"):
        assert secret not in text, secret


@pytest.mark.django_db
def test_a_comment_is_judged_within_its_request(post_it, spans, exporter):
    assert post_it() == 302

    [request, judged] = [found for name, found in sorted(spans().items())]
    assert (request.name, judged.name) == ("POST post-comment", "judge")
    assert judged.parent.span_id == request.context.span_id
    assert request.start_time <= judged.start_time < judged.end_time <= request.end_time
    assert dict(request.attributes) | {"belowline.request": ""} == {
        "http.request.method": "POST",
        "http.response.status_code": 302,
        "belowline.view": "post-comment",
        "belowline.request": "",
    }
    assert len(request.attributes["belowline.request"]) == 16
    assert dict(judged.attributes) == {}
    check(exporter)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [DatabaseError, RuntimeError])
def test_an_error_is_a_status_without_its_message(post_it, spans, exporter, monkeypatch, error):
    def fail(*_, **__):
        raise error(f"{SECRET} of {ADDRESS}")

    monkeypatch.setattr(record_decision, "record_event", fail)

    status = post_it()

    request = spans()["POST post-comment"]
    assert request.attributes["http.response.status_code"] == status == (503 if error is DatabaseError else 500)
    assert (request.status.status_code.name, request.status.description) == ("ERROR", None)
    assert request.events == ()
    check(exporter)


def test_an_application_that_raises_is_an_error_too(tracer, spans, rf, exporter):
    def broken(environ, start_response):
        raise ValueError(SECRET)

    with pytest.raises(ValueError, match="wombat"):
        traces.TracedApplication(broken, tracer, view)(rf.get("/").environ, lambda *_: None)

    assert spans()["GET faq"].status.status_code.name == "ERROR"
    check(exporter)


def test_the_trace_of_a_proxy_is_continued(wsgi, application, exporter):
    for header in (PARENT, "00-no-trace"):
        wsgi(application, "/healthz", HTTP_TRACEPARENT=header, HTTP_X_REQUEST_ID="request-0001")

    continued, own = exporter.get_finished_spans()
    assert (format(continued.context.trace_id, "032x"), format(continued.parent.span_id, "016x")) == (
        PARENT.split("-")[1],
        PARENT.split("-")[2],
    )
    assert own.parent is None
    assert continued.attributes["belowline.request"] == "request-0001"


def test_a_method_that_nobody_knows_names_no_span(wsgi, application, exporter, rf):
    environ = rf.generic("WOMBAT", "/healthz").environ

    application(environ, lambda *_: None)

    assert exporter.get_finished_spans()[0].name.startswith("_OTHER ")
    check(exporter)


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "code"), [("SUCCESSFUL", "UNSET"), ("FAILED", "ERROR")])
def test_a_run_of_a_task_is_one_trace(tracer, site, status, code, exporter):
    from django_tasks.base import TaskResultStatus

    backend, result = type(read_story_text.get_backend()), read_story_text.enqueue(1)
    task_started.send(backend, task_result=result)
    engine.judge(site, engine.Submission(text=SECRET))
    object.__setattr__(result, "status", TaskResultStatus[status])
    task_finished.send(backend, task_result=result)
    engine.judge(site, engine.Submission(text=SECRET))

    within, task, after = exporter.get_finished_spans()
    assert task.name == "task stories.tasks.read_story_text"
    assert task.attributes["belowline.request"] == f"task-{result.id}"
    assert task.status.status_code.name == code
    assert within.parent.span_id == task.context.span_id
    assert task.parent is None
    assert after.parent is None
    check(exporter)


@pytest.mark.django_db
def test_an_engine_that_fails_is_an_error(tracer, spans, site, monkeypatch):
    def fail(_site):
        raise ValueError(SECRET)

    monkeypatch.setattr(engine, "site_engine", fail)
    engine.judge(site, engine.Submission(text=SECRET))

    assert spans()["judge"].status.status_code.name == "ERROR"


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("belowline", {}),
        ("comments", {"OTEL_SERVICE_NAME": "comments"}),
        ("comments", {"OTEL_RESOURCE_ATTRIBUTES": "service.name=comments"}),
    ],
)
def test_the_service_has_a_name(provider, monkeypatch, name, variables):
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)

    assert provider().resource.attributes["service.name"] == name


class Collector(BaseHTTPRequestHandler):
    """Takes what is sent."""

    def do_POST(self):
        self.server.taken.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


def answer(environ, start_response):
    start_response("200 OK", [])
    return []


@pytest.mark.usefixtures("exporter")  # it skips where there is nothing to send with
def test_spans_reach_a_collector_that_a_variable_names(monkeypatch, rf):
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        server.taken = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        try:
            application = traces.traced(answer, view, os.environ)
            application(rf.get("/").environ, lambda *_: None)
            application.tracer.span_processor.force_flush(10_000)
        finally:
            traces.stop_tracing_work()
            server.shutdown()

    [(path, body)] = server.taken
    assert path == "/v1/traces"
    assert b"GET faq" in body
