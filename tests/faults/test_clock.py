"""The clock is set back by an hour while readers post: nobody is locked out, nothing is shown old or left undone."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from machines import wait_until
from readers import Crowd, Reader, ask, text_of

SOURCE = Path(__file__).with_name("shift.c")
HOUR = 3600
LATER = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from belowline.moderation.tasks import keep_reading
keep_reading.enqueue(1)
keep_reading.using(run_after=timezone.now() + timedelta(seconds=2)).enqueue(1)
"""
TASKS = (
    "SELECT status, count(*) FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%keep_reading' GROUP BY 1"
)

pytestmark = pytest.mark.slow


class Clock:
    """The clock of processes that are started with `also` in their environment."""

    def __init__(self, folder):
        self.file = folder / "clock"
        self.set(0)
        library = folder / "shift.so"
        command = ["cc", "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"]
        subprocess.run(command, check=True, capture_output=True)
        self.also = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(self.file)}

    def set(self, seconds):
        """Shift it by so many seconds, from now on."""
        with self.file.open("r+b" if self.file.exists() else "wb") as file:
            file.write(struct.pack("q", seconds))


@pytest.fixture
def clock(tmp_path):
    if not (shutil.which("cc") and sys.platform == "linux"):
        pytest.skip("no compiler for C, or no Linux")
    return Clock(tmp_path)


@pytest.fixture
def enqueue(environment, clock):
    """Put two tasks into the queue by the shifted clock: one for now, one for two seconds later."""

    def call():
        own = {"DJANGO_SETTINGS_MODULE": "belowline.config.settings"} | clock.also
        subprocess.run([sys.executable, "-c", LATER], env=environment | own, check=True, capture_output=True)

    return call


def number_of(location):
    """The comment that a post has led to."""
    return int(location.partition("posted=")[2].partition("#")[0])


def see(server, key, session, location):
    """Its author finds a comment where the answer has led."""
    status, _, page = ask(server.address + location, session)
    assert (status, text_of(key) in page) == (200, True)


def edit(server, session, location):
    """Its author changes a comment, as soon as the limit lets them."""
    place, answers = f"{server.address}/comments/{number_of(location)}/edit/", []
    form = {"text": f"A quiet remark, changed: {place}.", "idempotency_key": "", "nudged": "1"}

    def is_let_through():
        answers.append(ask(place, session, form)[0])
        return answers[-1] != 429

    wait_until(is_let_through)
    return answers[-1]


def test_an_hour_back_while_readers_post(session, newsroom, clock, enqueue, rows, check, kept, record):  # noqa: PLR0917
    limit = {"BELOWLINE_LIMIT_POST": "40/40s/account", "BELOWLINE_POSTS_PER_10_MINUTES": "1000000"}
    server = newsroom("--processes", "2", also=clock.also | limit).start()
    enqueue()
    with Crowd(server.address, session, "c") as crowd:
        crowd.wait_for(60)
        clock.set(-HOUR)
        enqueue()
        crowd.wait_for(60)
    assert set(crowd.refused) <= {429}
    assert set(crowd.watcher.seen) == {200}
    assert set(crowd.answered) == set(crowd.asked)
    [[latest], [earliest]] = rows(
        "SELECT max(created_at) FROM comments_comment UNION ALL SELECT min(created_at) FROM comments_comment"
    )
    assert latest > earliest
    wait_until(lambda: {*dict(rows(TASKS))} == {"SUCCESSFUL"})
    check()
    assert set(kept()) == {"warm", *crowd.answered}

    again = Reader(server.address, session, "again", is_patient=True)
    for key in list(crowd.answered)[-8:]:
        see(server, key, session, crowd.answered[key][1])
        assert again.post(key), "the same form is the same comment"
        assert again.answered[key] == crowd.answered[key]
    first, *_, last = (location for _, location in crowd.answered.values())
    assert (edit(server, session, first), edit(server, session, last)) == (302, 302), "one from before, one from after"
    record("clock set back", "by an hour, in the middle of posts; two web processes and a worker", crowd.answered)
