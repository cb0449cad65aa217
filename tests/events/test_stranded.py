"""Tasks of killed workers are done again, but not for ever, and nobody else's are touched."""

import os
import socket
import subprocess
import sys

import pytest
from django_tasks_db.models import DBTaskResult

from belowline.events import stranded
from belowline.events.stranded import is_gone, take_up_stranded, worker_name
from belowline.notifications.tasks import mail_notification

HERE = socket.gethostname()[:40]


@pytest.fixture(scope="module")
def dead():
    """The number of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def running(db):
    """A task that these workers have begun, one after the other."""

    def make(*workers):
        mail_notification.enqueue(1)
        row = DBTaskResult.objects.get()
        for worker in workers:
            row.claim(worker)
        return row

    return make


def test_a_task_of_a_killed_worker_is_done_again(running, dead):
    row = running(f"{HERE}/{dead}/abcd")

    assert take_up_stranded() == (["belowline.notifications.tasks.mail_notification"], [])
    row.refresh_from_db()
    assert (row.status, row.started_at) == ("READY", None)
    assert DBTaskResult.objects.ready().count() == 1
    assert take_up_stranded() == ([], [])


def test_not_for_ever(running, dead):
    """What kills three workers would kill a fourth."""
    row = running(*[f"{HERE}/{dead}/{number}" for number in range(stranded.MAX_BEGINNINGS)])

    assert take_up_stranded() == ([], ["belowline.notifications.tasks.mail_notification"])
    row.refresh_from_db()
    assert row.status == "FAILED"
    assert row.task_result.errors[0].exception_class is SystemExit


@pytest.mark.parametrize(
    "worker",
    [f"{HERE}/1/abcd", "another-machine/999999/abcd", "x9FvQq3ZkT0aBcDeFgHiJkLmNoPqRsTu", f"{HERE}/x/abcd", "", "/"],
    ids=["alive", "of another machine", "of an older version", "no number", "no name", "nothing in it"],
)
def test_others_are_left_alone(running, worker):
    row = running(worker)

    assert take_up_stranded() == ([], [])
    row.refresh_from_db()
    assert row.status == "RUNNING"


def test_a_worker_of_our_own_number_is_the_one_before(dead):
    """In a container, each worker is process 1."""
    assert is_gone(worker_name())
    assert is_gone(f"{HERE}/{dead}/abcd")
    assert not is_gone(f"{HERE}/{os.getppid()}/abcd")


def test_names_differ_and_fit():
    assert len({worker_name() for _ in range(5)}) == 5
    assert len(worker_name()) <= 64
