"""Traces for OpenTelemetry, where `belowline[telemetry]` is installed and OTEL_* names somewhere to send them.

A span for each request, for each comment that is judged within it, and for each run of a task. A span holds the name of
a view or of a task, the method, the status, the request's name, and times: no path, no query, no address, no error's
message, nothing that somebody wrote. docs/how-to/operate.md says so to operators.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanProcessor
    from opentelemetry.trace import Span, Tracer

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
NameView = Callable[[Environ], str]
"""Returns the name of the view that has answered a request."""

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SERVER_ERROR = 500
UID = "traces"


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Say whether OpenTelemetry's own variables name a place for traces, and none of them says no. Raises nothing."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "otlp").strip().lower() == "none":
        return False
    return any(environment.get(name, "").strip() for name in ENDPOINTS)


def start_traces(environment: Mapping[str, str]) -> "Tracer | None":
    """Begin to send traces, where that is wanted; return what makes spans, and None where nothing is sent.

    Nothing of OpenTelemetry is imported where it is not wanted. Raises nothing.
    """
    if not is_wanted(environment):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        logger.warning("no traces are sent: OTEL_EXPORTER_OTLP_ENDPOINT needs `pip install 'belowline[telemetry]'`")
        return None
    return tracer_of(provider(BatchSpanProcessor(OTLPSpanExporter()), environment))


def provider(processor: "SpanProcessor", environment: Mapping[str, str]) -> "TracerProvider":
    """Return what hands spans to a processor; sampling and resource are as OTEL_* have them."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    is_named = "OTEL_SERVICE_NAME" in environment or "service.name=" in environment.get("OTEL_RESOURCE_ATTRIBUTES", "")
    found = TracerProvider(resource=Resource.create(None if is_named else {"service.name": "belowline"}))
    found.add_span_processor(processor)
    return found


def tracer_of(found: "TracerProvider") -> "Tracer":
    """Return what makes our spans."""
    from belowline import __version__

    return found.get_tracer("belowline", __version__)


class TracedApplication:
    """A WSGI application around another one: a span for each request, below the one that a proxy names."""

    def __init__(self, application: Application, tracer: "Tracer", name_view: NameView) -> None:
        self.application, self.tracer, self.name_view = application, tracer, name_view

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer; the span ends when the answer begins, and what is judged meanwhile stands below it."""
        from opentelemetry.trace import SpanKind, use_span

        span = self.tracer.start_span("request", context=context_of(environ), kind=SpanKind.SERVER)
        told: dict[str, Any] = {"status": SERVER_ERROR, "request": ""}

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told["status"] = int(status[:3])
            told["request"] = dict(headers).get("X-Request-ID", "")
            return start_response(status, headers, *rest)

        try:
            with use_span(span, record_exception=False, set_status_on_exception=False):
                return self.application(environ, start)
        finally:
            method = environ["REQUEST_METHOD"]
            describe(span, self.name_view(environ), method if method in METHODS else "_OTHER", told)
            span.end()


def context_of(environ: Environ) -> "Context":
    """Return the context that a `traceparent` header names; a new one where there is none, or it is damaged."""
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {"traceparent": environ["HTTP_TRACEPARENT"]} if "HTTP_TRACEPARENT" in environ else {}
    return TraceContextTextMapPropagator().extract(carrier, Context())


def describe(span: "Span", view: str, method: str, told: Mapping[str, Any]) -> None:
    """Write down what is known of a request when it was answered."""
    from opentelemetry.trace import StatusCode

    span.update_name(f"{method} {view}")
    span.set_attribute("http.request.method", method)
    span.set_attribute("http.response.status_code", told["status"])
    span.set_attribute("belowline.view", view)
    span.set_attribute("belowline.request", told["request"])
    if told["status"] >= SERVER_ERROR:
        span.set_status(StatusCode.ERROR)


class Judgements:
    """Makes a span of each comment that was judged, when it was."""

    def __init__(self, tracer: "Tracer") -> None:
        self.tracer = tracer

    def __call__(self, sender: Any, seconds: float, is_failed: bool, **_: Any) -> None:  # noqa: FBT001 - as the signal has it
        """Receive `judged`."""
        from opentelemetry.trace import StatusCode

        now = time.time_ns()
        span = self.tracer.start_span("judge", start_time=now - int(seconds * 1e9))
        if is_failed:
            span.set_status(StatusCode.ERROR)
        span.end(now)


class Tasks:
    """Makes a span of each run of a task; what is judged meanwhile stands below it."""

    def __init__(self, tracer: "Tracer") -> None:
        self.tracer = tracer
        self._open: dict[str, tuple[Span, Token[Context]]] = {}

    def begin(self, sender: Any, task_result: Any, **_: Any) -> None:
        """Receive `task_started`."""
        from opentelemetry.context import Context, attach
        from opentelemetry.trace import SpanKind, set_span_in_context

        name = task_result.task.module_path.removeprefix("belowline.")
        span = self.tracer.start_span(f"task {name}", context=Context(), kind=SpanKind.CONSUMER)
        span.set_attribute("belowline.task", name)
        span.set_attribute("belowline.request", f"task-{task_result.id}")
        self._open[task_result.id] = span, attach(set_span_in_context(span))

    def end(self, sender: Any, task_result: Any, **_: Any) -> None:
        """Receive `task_finished`."""
        from opentelemetry.context import detach
        from opentelemetry.trace import StatusCode

        if (found := self._open.pop(task_result.id, None)) is None:
            return
        span, token = found
        detach(token)
        if str(task_result.status) != "SUCCESSFUL":
            span.set_status(StatusCode.ERROR)
        span.end()


def trace_work(tracer: "Tracer") -> None:
    """Make spans of judging and of tasks in this process from now on."""
    from django_tasks.signals import task_finished, task_started

    from belowline.moderation.engine import judged

    tasks = Tasks(tracer)
    judged.connect(Judgements(tracer), weak=False, dispatch_uid=UID)
    task_started.connect(tasks.begin, weak=False, dispatch_uid=UID)
    task_finished.connect(tasks.end, weak=False, dispatch_uid=UID)


def stop_tracing_work() -> None:
    """Make none any more; for tests."""
    from django_tasks.signals import task_finished, task_started

    from belowline.moderation.engine import judged

    for signal in (judged, task_started, task_finished):
        signal.disconnect(dispatch_uid=UID)


def traced(application: Application, name_view: NameView, environment: Mapping[str, str]) -> Application:
    """Return a web process's application with spans of what it does; as it is where no traces are wanted."""
    from django.conf import settings

    tracer = start_traces(environment)
    if tracer is None:
        return application
    if not settings.ENGINE_ONLY:
        trace_work(tracer)
    return TracedApplication(application, tracer, name_view)


def trace_worker(environment: Mapping[str, str]) -> None:
    """Make spans of what a worker does, where traces are wanted."""
    if tracer := start_traces(environment):
        trace_work(tracer)
