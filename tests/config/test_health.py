"""/healthz: this process answers; /readyz: everything is there that readers need, each check by its name."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.config import health
from belowline.moderation import engine
from belowline.stories.tasks import read_story_text


def test_alive_touches_nothing(rf):
    """Not the database either: without the mark of the tests that need one, a query would raise."""
    answer = health.healthz(rf.get("/healthz"))

    assert (answer.status_code, answer.content) == (200, b'{"status": "ok"}')
    assert answer["Cache-Control"] == "no-store"


@pytest.fixture
def ask(stranger, db):
    """Status, word and checks of /readyz."""

    def call():
        answer = stranger.get("/readyz")
        assert answer["Cache-Control"] == "no-store"
        return answer.status_code, answer.json()["status"], answer.json()["checks"]

    return call


def test_ready(ask):
    status, word, checks = ask()

    assert (status, word) == (200, "ready")
    assert checks == {
        "database": {"ok": True},
        "migrations": {"ok": True, "missing": 0, "unknown": 0},
        "engine": {"ok": True},
        "tasks": {"ok": True, "oldest_seconds": 0.0, "limit_seconds": 900},
        "redis": {"ok": True, "used": False},
    }


def test_a_database_that_does_not_answer(rf, db, monkeypatch):
    def broken():
        raise DatabaseError("password of the desk: hunter2")

    monkeypatch.setattr(connection, "cursor", broken)
    answer = health.readyz(rf.get("/readyz"))
    monkeypatch.undo()
    status, (word, checks) = answer.status_code, json.loads(answer.content).values()

    assert (status, word) == (503, "not ready")
    assert checks["database"] == {"ok": False, "error": "DatabaseError"}
    assert checks["engine"] == {"ok": True}
    assert "hunter2" not in str(checks)


def test_a_migration_that_lacks(ask):
    MigrationRecorder.Migration.objects.filter(app="comments", name="0005_search_index").delete()

    status, _, checks = ask()
    assert status == 503
    assert checks["migrations"] == {"ok": False, "missing": 1, "unknown": 0}


def test_a_database_of_a_newer_version(ask):
    MigrationRecorder.Migration.objects.create(app="comments", name="9999_from_the_future")
    MigrationRecorder.Migration.objects.create(app="somebody_elses", name="0001_initial")

    status, _, checks = ask()
    assert status == 503
    assert checks["migrations"] == {"ok": False, "missing": 0, "unknown": 1}


def test_an_engine_that_cannot_be_loaded(ask, monkeypatch):
    def broken():
        raise OSError("weights")

    monkeypatch.setattr(engine, "base_engine", broken)
    status, _, checks = ask()

    assert status == 503
    assert checks["engine"] == {"ok": False, "error": "OSError"}


@pytest.mark.parametrize(
    ("waited", "limit", "planned", "is_ready"),
    [
        (899, 900, False, True),
        (902, 900, False, False),
        (902, 0, False, True),
        (31, 30, True, False),
        (-60, 30, True, True),
    ],
    ids=["soon done", "late", "nobody asks", "planned and late", "planned for later"],
)
def test_tasks_that_no_worker_takes(ask, monkeypatch, waited, limit, planned, is_ready):  # noqa: PLR0917
    monkeypatch.setattr(settings, "READY_TASK_SECONDS", limit)
    at = timezone.now() - timedelta(seconds=waited)
    read_story_text.enqueue(1)
    DBTaskResult.objects.update(**{"run_after" if planned else "enqueued_at": at})
    status, _, checks = ask()

    assert status == (200 if is_ready else 503)
    assert checks["tasks"]["ok"] is is_ready
    assert checks["tasks"]["oldest_seconds"] == pytest.approx(max(0, waited), abs=1.5)


def test_tasks_that_are_done_do_not_count(ask):
    read_story_text.enqueue(1)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(days=1), status="SUCCESSFUL")

    assert ask()[0] == 200


def test_redis_that_does_not_answer_is_told_and_nothing_more(ask, settings):
    """Readers are served without it: a balancer shall not take the process away."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, _, checks = ask()

    assert status == 200
    assert checks["redis"] == {"ok": True, "used": True, "answers": False, "error": "ConnectionError"}
