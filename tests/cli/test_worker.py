"""`belowline worker`: does what waits, and stops when told so."""

import signal
import subprocess
import sys
import time

import pytest
from django.db import InterfaceError, OperationalError

from belowline.cli import worker

ENQUEUE = """
import django; django.setup()
from django_tasks_db.models import DBTaskResult
from belowline.stories.models import Site, Story
from belowline.stories.tasks import read_story_text
site = Site.objects.create(key="gazette", name="The Gazette", domains=["gazette.invalid"])
story = Story.objects.create(site=site, key="bridge", url="http://gazette.invalid/bridge")
read_story_text.enqueue(story.pk)
"""
STATE = """
import django; django.setup()
from belowline.stories.models import Story
print(Story.objects.get().text_state)
"""


@pytest.fixture
def run(environment, tmp_path):
    environment |= {
        "BELOWLINE_SECRET_KEY": "only-for-tests-" * 4,
        "DJANGO_SETTINGS_MODULE": "belowline.config.settings",
    }

    def call(*arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    call.environment = environment
    return call


@pytest.mark.usefixtures("tables")
@pytest.mark.slow
def test_it_works_and_stops(run, tmp_path):
    assert run("-c", ENQUEUE).returncode == 0
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "belowline", "worker", "--interval", "0.1"],
            env=run.environment,
            cwd=tmp_path,
            stdout=log,
            stderr=log,
        )
        try:
            deadline = time.monotonic() + 60
            while run("-c", STATE).stdout.strip() != "failed":
                assert worker.poll() is None, (tmp_path / "log").read_text("utf-8")
                assert time.monotonic() < deadline
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(60) == 0
        finally:
            worker.kill()
            worker.wait()


def test_without_a_secret_key_it_says_what_to_do(run):
    del run.environment["BELOWLINE_SECRET_KEY"]
    done = run("-m", "belowline", "worker")

    assert done.returncode == 1
    assert "there is no secret key: run `belowline init`" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_does_not_answer_for_a_while(monkeypatch, caplog, error):
    """What was begun is taken up each time; the message of the database stays out of the log."""
    taken, left = [], [error("secret of the desk"), error(), None]

    def run(*words, **options):
        assert words == ("db_worker",)
        if problem := left.pop(0):
            raise problem

    monkeypatch.setattr("django.core.management.call_command", run)
    monkeypatch.setattr(worker, "take_up", lambda: taken.append(len(left)))

    assert [worker.work(0.1) for _ in range(3)] == [False, False, True]
    assert taken == [3, 2, 1]
    assert f"the database does not answer ({error.__name__})" in caplog.text
    assert "secret" not in caplog.text
