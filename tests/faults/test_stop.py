"""Told to stop, server and worker finish what they have begun; what a killed worker had begun, the next one does."""

import http.server
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from machines import wait_until
from readers import Reader

ENQUEUE = """
import django; django.setup()
from belowline.stories.models import Site, Story
from belowline.stories.tasks import read_story_text
site = Site.objects.create(key="gazette", name="The Gazette", domains=["127.0.0.1"])
story = Story.objects.create(site=site, key="bridge", url="http://127.0.0.1:PORT/bridge")
read_story_text.enqueue(story.pk)
"""
PAGE = b"<html><title>The bridge</title><article><p>" + b"The bridge is closed until May. " * 20 + b"</p></article>"


class SlowPaper:
    """A paper whose page comes when the test says so."""

    def __init__(self):
        self.asked, self.may_answer = threading.Semaphore(0), threading.Event()
        paper = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                paper.asked.release()
                paper.may_answer.wait(30)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(PAGE)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def paper():
    made = SlowPaper()
    yield made
    made.may_answer.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def begin(environment, tmp_path, paper):
    """Enqueue the reading of the slow page, and start workers."""
    environment |= {
        "BELOWLINE_SECRET_KEY": "only-for-tests-" * 4,
        "DJANGO_SETTINGS_MODULE": "belowline.config.settings",
        "BELOWLINE_FETCH_PRIVATE_NETWORKS": "yes",
    }
    subprocess.run([sys.executable, "-m", "belowline", "migrate"], env=environment, check=True, capture_output=True)
    code = ENQUEUE.replace("PORT", str(paper.server.server_address[1]))
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    started = []

    def call():
        with (tmp_path / "log").open("ab") as log:
            command = [sys.executable, "-m", "belowline", "worker", "--interval", "0.1"]
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield call
    for worker in started:
        worker.kill()
        worker.wait()


@pytest.fixture
def task(tmp_path):
    """Status and number of beginnings of the task that reads the page."""

    def call():
        query = (
            "SELECT status, json_array_length(worker_ids) FROM django_tasks_database_dbtaskresult "
            "WHERE task_path LIKE '%read_story_text'"
        )
        with closing(sqlite3.connect(tmp_path / "data" / "belowline.sqlite3", timeout=20)) as database:
            return database.execute(query).fetchone()

    return call


@pytest.mark.slow
def test_a_worker_ends_its_task_and_the_next_does_that_of_a_killed_one(begin, paper, task, tmp_path):
    killed = begin()
    assert paper.asked.acquire(timeout=60)
    killed.kill()
    killed.wait()
    assert task() == ("RUNNING", 1)

    stopped = begin()
    assert paper.asked.acquire(timeout=60), "the next worker does it again"
    stopped.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        stopped.wait(0.5)
    paper.may_answer.set()
    assert stopped.wait(30) == 0
    assert task() == ("SUCCESSFUL", 2)
    assert "a worker was killed during belowline.stories.tasks.read_story_text" in (tmp_path / "log").read_text("utf-8")


@pytest.mark.slow
def test_the_server_answers_what_it_has_begun(session, newsroom, kept, record):
    """Four readers post while it is told to stop: whatever was written was also answered."""
    server = newsroom().start()
    readers = [Reader(server.address, session, name) for name in "abcd"]
    for reader in readers:
        reader.start()
    wait_until(lambda: sum(len(reader.answered) for reader in readers) >= 8, 120)
    assert server.stop() == 0
    for reader in readers:
        reader.join(30)
    answered = {key for reader in readers for key in reader.answered}
    assert len(answered) >= 8
    assert set(kept()) - {"warm"} == answered
    record("server stopped", "SIGTERM while four readers post", answered)
