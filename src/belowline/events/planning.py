"""Work that comes back at its times: each planned once, however many workers ask."""

from datetime import datetime
from typing import Any


def plan_once(task: Any, at: datetime) -> bool:
    """Enqueue a task for a time, unless it is planned already; return whether it was not."""
    # Not above: the tables are not there while Django loads its apps.
    from django_tasks_db.models import DBTaskResult

    if DBTaskResult.objects.filter(task_path=task.module_path, status="READY").exists():
        return False
    task.using(run_after=at).enqueue()
    return True
