"""Newsrooms in processes of their own, and what must be true of their databases whatever happened to them."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

POSTER = Path(__file__).with_name("poster.py")


class Poster:
    """The process of poster.py, and its reports so far."""

    def __init__(self, environment, log):
        self.asked, self.answered, self.shown = [], {}, set()
        self.log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, str(POSTER)],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        self.wait_for("ready")

    def send(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def read(self):
        """Take one report; return its words."""
        line = self.process.stdout.readline()
        assert line, self.log.read_text("utf-8")[-3000:]
        kind, *rest = line.split()
        if kind == "asked":
            self.asked.append(rest[0])
        elif kind == "answered":
            self.answered[rest[0]] = (int(rest[1]), rest[2])
        elif kind == "shown":
            self.shown.add(rest[0])
        return [kind, *rest]

    def wait_for(self, kind):
        while (found := self.read())[0] != kind:
            pass
        return found

    def do(self, *words):
        """Send a command and wait until it is done."""
        self.send(*words)
        self.wait_for("done")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def start(environment, tmp_path):
    """Start a newsroom over the test's data folder."""
    environment["BELOWLINE_SECRET_KEY"] = "only-for-tests-" * 4
    environment |= {"BELOWLINE_SLOW_SECONDS": "0", "BELOWLINE_POSTS_PER_10_MINUTES": "1000000"}
    started = []

    def call():
        started.append(Poster(environment, tmp_path / "log"))
        return started[-1]

    yield call
    for poster in started:
        poster.close()


@pytest.fixture
def rows(tmp_path):
    """Ask the newsroom's database."""

    def call(query, *values):
        with closing(sqlite3.connect(tmp_path / "data" / "belowline.sqlite3", timeout=20)) as database:
            return database.execute(query, values).fetchall()

    return call


@pytest.fixture
def check(rows):
    """Check what must be true whatever happened."""

    def call():
        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("PRAGMA foreign_key_check") == []
        undecided = "SELECT c.id FROM comments_comment c LEFT JOIN moderation_decision d ON d.comment_id = c.id"
        assert rows(f"{undecided} WHERE d.id IS NULL OR c.status = 'pending'") == []
        wrong = (
            "SELECT c.id, c.status, d.outcome "
            "FROM comments_comment c JOIN moderation_decision d ON d.comment_id = c.id "
            "WHERE d.id = (SELECT max(id) FROM moderation_decision WHERE comment_id = c.id) AND c.status != "
            "CASE d.outcome WHEN 'publish' THEN 'published' WHEN 'hold' THEN 'held' ELSE 'rejected' END"
        )
        assert rows(wrong) == []
        for table in ("comments_revision", "moderation_decision"):
            assert rows(f"SELECT count(*) FROM {table}") == rows("SELECT count(*) FROM comments_comment")  # noqa: S608
        published = rows("SELECT count(*) FROM comments_comment WHERE status = 'published'")
        assert rows("SELECT comment_count FROM stories_story") == published
        events = "SELECT count(*) FROM events_event WHERE tag IN ('comment:published', 'comment:held')"
        assert rows(events) == rows("SELECT count(*) FROM comments_comment")

    return call


@pytest.fixture
def kept(rows):
    """{key: (id, status)} of all comments."""

    def call():
        found = rows("SELECT idempotency_key, id, status FROM comments_comment")
        assert len({key for key, _, _ in found}) == len(found)
        return {key: (pk, status) for key, pk, status in found}

    return call
