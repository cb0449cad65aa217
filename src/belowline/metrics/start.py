"""Counting begins: in each web process and worker, where a setting asks for metrics."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from belowline.events import tags
from belowline.events.models import Event, event_recorded
from belowline.limits.redis_server import redis_failed
from belowline.limits.spending import limited

OUTCOMES = {
    tags.COMMENT_PUBLISHED: "published",
    tags.COMMENT_HELD: "held",
    tags.COMMENT_REJECTED: "rejected",
    tags.COMMENT_REMOVED: "removed",
}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
UID = "metrics"


def start_metrics() -> bool:
    """Count from now on what this process does; return whether a setting asks for it."""
    if not settings.METRICS_ON:
        return False
    # Here, and not above: the library looks for its folder at its import.
    from belowline.metrics import series  # noqa: F401

    reserve(settings.METRICS_DIR)
    limited.connect(on_limited, dispatch_uid=UID)
    redis_failed.connect(on_redis_failed, dispatch_uid=UID)
    if not settings.ENGINE_ONLY:
        from django_tasks.signals import task_finished

        from belowline.moderation.engine import judged
        from belowline.stories.purging import purged

        event_recorded.connect(on_event, dispatch_uid=UID)
        judged.connect(on_judged, dispatch_uid=UID)
        task_finished.connect(on_task, dispatch_uid=UID)
        purged.connect(on_purge, dispatch_uid=UID)
    return True


def stop_metrics() -> None:
    """Count no more; for tests."""
    from django_tasks.signals import task_finished

    from belowline.moderation.engine import judged
    from belowline.stories.purging import purged

    for signal in (event_recorded, judged, task_finished, limited, redis_failed, purged):
        signal.disconnect(dispatch_uid=UID)


def clear_dead(folder: Path) -> None:
    """Delete what processes that are gone have counted: the sums begin anew when the server does."""
    for file in folder.glob("*_*.db"):
        number = file.stem.rpartition("_")[2]
        if number.isdigit() and not is_alive(int(number)):
            file.unlink(missing_ok=True)


def reserve(folder: Path) -> None:
    """Have the disk keep room for what this process counts: a full one would end it, for the files are memory."""
    for file in folder.glob(f"*_{os.getpid()}.db"):
        with file.open("r+b") as opened, suppress(OSError):
            os.posix_fallocate(opened.fileno(), 0, file.stat().st_size)


def is_alive(process: int) -> bool:
    """Say whether there is a process with this number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def on_event(sender: type[Event], event: Event, **_: Any) -> None:
    """Count a decision, once its transaction is written."""
    if outcome := OUTCOMES.get(event.tag):
        maker = "engine" if event.actor_id is None else "person"
        transaction.on_commit(lambda: count_decision(outcome, maker))


def count_decision(outcome: str, maker: str) -> None:
    """Count a decision."""
    from belowline.metrics.series import DECISIONS

    DECISIONS.labels(outcome, maker).inc()


def on_judged(sender: Any, seconds: float, unchecked: list[tuple[str, str]], is_failed: bool, **_: Any) -> None:  # noqa: FBT001 - as the signal has it
    """Count what the engine did with a comment."""
    from belowline.metrics import series

    series.JUDGING_SECONDS.observe(seconds)
    if is_failed:
        series.ENGINE_FAILURES.inc()
    if unchecked or is_failed:
        series.UNCHECKED_COMMENTS.inc()
    for score, cause in unchecked:
        series.UNCHECKED.labels(score, cause).inc()


def on_limited(sender: Any, limit: str, **_: Any) -> None:
    """Count an act that came too often."""
    from belowline.metrics.series import LIMITED

    LIMITED.labels(limit).inc()


def on_redis_failed(sender: Any, **_: Any) -> None:
    """Count a question that Redis did not answer."""
    from belowline.metrics.series import REDIS_FAILURES

    REDIS_FAILURES.inc()


def on_task(sender: Any, task_result: Any, **_: Any) -> None:
    """Count a task that a worker has finished."""
    from belowline.metrics import series

    name = short(task_result.task.module_path)
    series.TASKS.labels(name, str(task_result.status).lower()).inc()
    if task_result.started_at and task_result.finished_at:
        series.TASK_SECONDS.labels(name).observe((task_result.finished_at - task_result.started_at).total_seconds())


def on_purge(sender: Any, is_done: bool, **_: Any) -> None:  # noqa: FBT001 - as the signal has it
    """Count a call that tells shared caches of changes."""
    from belowline.metrics import series

    series.PURGES.labels("sent" if is_done else "failed").inc()


def on_stranded(taken_up: list[str], given_up: list[str]) -> None:
    """Count the tasks of killed workers, where metrics are on: those that are done again, and those that are not."""
    if not settings.METRICS_ON:
        return
    from belowline.metrics import series

    for path in taken_up:
        series.TASKS_RETRIED.labels(short(path)).inc()
    for path in given_up:
        series.TASKS.labels(short(path), "failed").inc()


def short(path: str) -> str:
    """Return a task's path without the package's name."""
    return path.removeprefix("belowline.")


def on_request(view: str, method: str, status: int, seconds: float) -> None:
    """Count a request."""
    from belowline.metrics import series

    series.REQUESTS.labels(view, method if method in METHODS else "other", str(status)).inc()
    series.REQUEST_SECONDS.labels(view).observe(seconds)
