"""Each night once, a turn at a time; nothing where somebody wants to keep it for ever."""

import time
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment
from belowline.retention import kinds, tasks
from belowline.retention.tasks import erase_nightly, erase_old, plan_erasing


@pytest.fixture
def old(written, reader, age):
    """Three comments whose authors deleted them long ago."""
    made = [written() for _ in range(3)]
    for comment in made:
        delete_comment(comment=comment, by=reader)
    age(Comment.objects.all(), 400, "changed_at")
    return made


def left():
    return Comment.objects.exclude(text_source="").count()


def planned(name):
    return DBTaskResult.objects.filter(task_path__endswith=name, status="READY")


def test_the_night_erases_and_plans_the_next(old):
    assert erase_nightly.call()["deleted"] == 3
    assert left() == 0
    [row] = planned(".erase_nightly")
    assert timezone.localtime(row.run_after).strftime("%H:%M") == "02:40"
    assert not planned(".go_on").exists()
    assert not plan_erasing()
    assert erase_nightly.call().get("deleted") is None


def test_nought_is_for_ever(old, settings):
    settings.KEEP_DELETED_DAYS = 0
    erase_nightly.call()

    assert left() == 3


def test_a_turn_ends_and_another_goes_on(old, monkeypatch):
    monkeypatch.setattr(tasks, "FEW", 2)
    monkeypatch.setattr(tasks, "RUN_SECONDS", -1)
    assert erase_nightly.call() == {"deleted": 2}
    assert (left(), planned(".go_on").count()) == (1, 1)

    assert tasks.go_on.call() == {"deleted": 1}
    assert left() == 0


def test_a_kind_that_fails_leaves_the_others_alone(old, monkeypatch, caplog):
    def fail(*_):
        raise ValueError(old[0].text_source)

    broken = [kind._replace(erase=fail) if kind.key == "refused" else kind for kind in kinds.KINDS]
    monkeypatch.setattr(tasks, "KINDS", tuple(broken))
    erased, is_more = erase_old(time.monotonic() + 60)

    assert (erased["deleted"], is_more) == (3, False)
    assert "refused could not be erased (ValueError)" in caplog.text
    assert old[0].text_source not in caplog.text


def test_planned_for_a_time(db):
    moment = datetime(2026, 11, 28, 2, 40, tzinfo=UTC)

    assert plan_erasing(moment)
    assert planned(".erase_nightly").get().run_after == moment
