"""Whether this process is alive, and whether it is ready for readers; nothing secret, and no text of anybody."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from belowline.backup.tables import newer
from belowline.limits.redis_server import redis_problem

Check = dict[str, Any]
"""`ok`, and what was found."""
NO_STORE = {"Cache-Control": "no-store"}


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200: this process answers. Nothing else is touched, for nothing else is mended by starting it anew."""
    return JsonResponse({"status": "ok"}, headers=NO_STORE)


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when everything is there that readers need, else 503; each check by its name in `checks`."""
    checks = {name: examine(look) for name, look in (ENGINE_LOOKS if settings.ENGINE_ONLY else LOOKS).items()}
    is_ready = all(check["ok"] for check in checks.values())
    body = {"status": "ready" if is_ready else "not ready", "checks": checks}
    return JsonResponse(body, status=200 if is_ready else 503, headers=NO_STORE)


def examine(look: Callable[[], Check]) -> Check:
    """Return what a look has found; one that fails says by which error, and nothing of its message."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever it is, this process is not ready
        return {"ok": False, "error": type(error).__name__}


def database() -> Check:
    """Say whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def migrations() -> Check:
    """Say whether the database has had every migration of this version, and none of a newer one."""
    missing = len(all_migrations() - {*MigrationRecorder(connection).applied_migrations()})
    unknown = len(newer(connection))
    return {"ok": missing == unknown == 0, "missing": missing, "unknown": unknown}


@lru_cache(maxsize=1)
def all_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this version; read from the disk once."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def engine() -> Check:
    """Say whether the engine is loaded; loading it is tried once more where it was not."""
    from belowline.moderation.engine import base_engine

    base_engine()
    return {"ok": True}


def scores() -> Check:
    """Say whether the models of the doors are loaded."""
    from belowline.compat.perspective.versions import versions

    return {"ok": versions().newest is not None}


def tasks() -> Check:
    """Say whether a worker takes what waits: how long the oldest task has waited, in seconds."""
    from belowline.metrics.database import oldest_ready_seconds

    seconds, limit = oldest_ready_seconds(timezone.now()), settings.READY_TASK_SECONDS
    return {"ok": limit == 0 or seconds <= limit, "oldest_seconds": round(seconds, 1), "limit_seconds": limit}


def redis() -> Check:
    """Say whether Redis answers; readers are served without it, so it makes nothing unready."""
    if not settings.REDIS_URL:
        return {"ok": True, "used": False}
    problem = redis_problem()
    return {"ok": True, "used": True, "answers": not problem} | ({"error": problem} if problem else {})


LOOKS: dict[str, Callable[[], Check]] = {
    "database": database,
    "migrations": migrations,
    "engine": engine,
    "tasks": tasks,
    "redis": redis,
}
ENGINE_LOOKS: dict[str, Callable[[], Check]] = {"database": database, "migrations": migrations, "engine": scores}
"""Where only the engine runs."""
