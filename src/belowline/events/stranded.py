"""Tasks of workers that were killed: the next worker on the same machine takes them up again.

A worker's name holds its machine and its process. Tasks may be repeated without harm; one that has been begun three
times and never ended may be what kills its workers, and is given up.
"""

import os
import secrets
import socket
from typing import NamedTuple

from django.utils import timezone

MAX_BEGINNINGS = 3


class Found(NamedTuple):
    """What became of tasks whose worker is gone."""

    taken_up: list[str]
    """Task paths, one for each task that waits again."""
    given_up: list[str]
    """Task paths, one for each task that counts as failed now."""


def worker_name() -> str:
    """Return a name for this worker: its machine, its process, and some letters; at most 64 characters."""
    return f"{socket.gethostname()[:40]}/{os.getpid()}/{secrets.token_hex(4)}"


def is_gone(name: str) -> bool:
    """Say whether a worker of this machine is gone; of another machine, nobody here can say: False."""
    machine, _, rest = name.partition("/")
    number = rest.partition("/")[0]
    if machine != socket.gethostname()[:40] or not number.isdigit():
        return False
    if int(number) == os.getpid():
        # In a container each worker has the same number: it is that of the one before.
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def take_up_stranded() -> Found:
    """Let what killed workers of this machine have begun be done again; call it before a worker begins."""
    # Not above: the tables are not there while Django loads its apps.
    from django_tasks_db.models import DBTaskResult

    found = Found([], [])
    for row in DBTaskResult.objects.running().order_by("started_at"):
        if not row.worker_ids or not is_gone(row.worker_ids[-1]):
            continue
        mine = DBTaskResult.objects.filter(pk=row.pk, status=row.status, worker_ids=row.worker_ids)
        if len(row.worker_ids) < MAX_BEGINNINGS:
            if mine.update(status="READY", started_at=None):
                found.taken_up.append(row.task_path)
        elif mine.update(
            status="FAILED", finished_at=timezone.now(), exception_class_path="builtins.SystemExit", traceback=""
        ):
            found.given_up.append(row.task_path)
    return found
