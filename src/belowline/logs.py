"""What is logged: one line or one JSON object for each event, with the request's name; never what somebody wrote.

Messages of errors are left out of traces, for they may quote a comment or an address (a database names the value that
it refuses); so are the paths of requests, for some hold a token. docs/how-to/operate.md says what each line holds.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that is answered now, or `task-...` of the task that runs; empty: neither."""
SysExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
DJANGO = ("django.request", "django.security")
"""Their messages name the path."""


class LineFormatter(logging.Formatter):
    """Time, level, logger, request, message; under an error, where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and those of a trace."""
        name = request_id.get()
        parts = [self.formatTime(record), record.levelname, record.name, *([f"[{name}]"] if name else [])]
        line = f"{' '.join(parts)}: {safe_message(record)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """Return when it was, in UTC."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, ei: SysExcInfo) -> str:  # noqa: N802 - logging's name
        """Return where an error was raised, and its type, without its message."""
        return trace_of(ei[1]) if ei[1] else ""


class JsonFormatter(LineFormatter):
    """One JSON object on each line: time, level, logger, message, and where known request, view, status, trace."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        fields: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": safe_message(record),
        }
        if name := request_id.get():
            fields["request"] = name
        fields |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            fields["trace"] = trace_of(record.exc_info[1])
        return json.dumps(fields, ensure_ascii=False)


def safe_message(record: logging.LogRecord) -> str:
    """Return a record's message; of Django's about requests, the status and the view instead of the path."""
    if not record.name.startswith(DJANGO):
        return record.getMessage().replace("\n", " ")
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    status = getattr(record, "status_code", "")
    return f"{status} {match.view_name if match else 'no such address'}".strip()


def trace_of(error: BaseException) -> str:
    """Return the frames and types of an error and of those behind it, the first one first; without their messages."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{trace_of(cause)}\nthen\n" if cause and cause is not error else ""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{before}{frames}{type(error).__module__}.{type(error).__qualname__}"


def log_request(view: str, method: str, status: int, seconds: float) -> None:
    """Log a request that was answered; an observer of belowline.config.front."""
    fields = {"view": view, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
    logging.getLogger("belowline.requests").info(
        "%s %s %d in %.1f ms", method, view, status, seconds * 1000, extra={"fields": fields}
    )


def name_tasks() -> None:
    """Let what a worker logs during a task bear the task's name."""
    from django_tasks.signals import task_started

    task_started.connect(on_task, dispatch_uid="logs")


def on_task(sender: Any, task_result: Any, **_: Any) -> None:
    """Name a task that begins; it keeps its name until the next one does."""
    request_id.set(f"task-{task_result.id}")
