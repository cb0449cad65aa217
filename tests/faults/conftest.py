"""Newsrooms in processes of their own, and what must be true of their databases whatever happened to them."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from machines import BINARIES, Cluster, Newsroom
from results import Result, table, write

POSTER = Path(__file__).with_name("poster.py")
DRIFTS = """
import django; django.setup()
from belowline.moderation.recounting import find_drifts
print(sum(1 for _ in find_drifts()))
"""
BEGAN = pytest.StashKey()


# --- the table of faults


def pytest_addoption(parser):
    parser.addoption("--write", metavar="PAGE", help="write the table of faults into this page of the documentation")


def pytest_configure(config):
    config.stash[BEGAN] = time.monotonic()


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Show the table; write it where nothing failed or was left out. Only the process that ran all tests has it."""
    every = [one for many in terminalreporter.stats.values() for one in many]
    reports = [report for report in every if getattr(report, "when", "") == "teardown"]
    found = [(report.nodeid, row) for report in reports for name, row in report.user_properties if name == "fault"]
    if not found:
        return
    terminalreporter.write_line(table(found))
    if page := config.getoption("--write"):
        if exitstatus or "skipped" in terminalreporter.stats:
            terminalreporter.write_line(f"{page} stays as it is: a test failed or was left out")
            return
        write(page, found, len(reports), time.monotonic() - config.stash[BEGAN])


@pytest.fixture
def record(rows, kept, record_property, environment):
    """Say what became of the posts with these keys, which were answered; fail where it is not what it must be."""

    def call(fault, how, answered):
        [[twice]] = rows("SELECT count(*) - count(DISTINCT text_source) FROM comments_comment")
        [[unjudged]] = rows(
            "SELECT count(*) FROM comments_comment c WHERE status = 'published' AND NOT EXISTS "
            "(SELECT 1 FROM moderation_decision d WHERE d.comment_id = c.id AND d.outcome = 'publish')"
        )
        run = subprocess.run(
            [sys.executable, "-c", DRIFTS],
            env=environment | {"DJANGO_SETTINGS_MODULE": "belowline.config.settings"},
            check=True,
            capture_output=True,
            text=True,
        )
        answered, there = {*answered}, {*kept()}
        row = Result(fault, how, len(answered), len(answered & there), twice, unjudged, int(run.stdout))
        record_property("fault", tuple(row))
        assert row[3:] == (len(answered), 0, 0, 0)

    return call


# --- newsrooms


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
    environment["BELOWLINE_LIMIT_POST"] = ""  # it posts faster than people
    started = []

    def call():
        started.append(Poster(environment, tmp_path / "log"))
        return started[-1]

    yield call
    for poster in started:
        poster.close()


@pytest.fixture
def newsroom(environment, tmp_path):
    """Make a newsroom that can be started, killed and started again."""
    made = []

    def call(*options, also=()):
        made.append(Newsroom(environment | dict(also), tmp_path / "log", *options))
        return made[-1]

    yield call
    for server in made:
        server.kill()


@pytest.fixture
def make_cluster():
    """Make servers of PostgreSQL; not in pytest's folder, which is root's alone where root tests."""
    if not (BINARIES / "pg_ctl").exists():
        pytest.skip("no PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="belowline-clusters-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    made = []

    def call(name, options=""):
        made.append(Cluster(folder / name, options))
        return made[-1]

    yield call
    for cluster in reversed(made):
        cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cluster(make_cluster, environment):
    """A PostgreSQL of the test's own, which the newsroom uses; what it has said is on the disk."""
    made = make_cluster("own", "-c fsync=on -c synchronous_commit=on")
    made.create()
    made.start()
    environment["DATABASE_URL"] = made.url
    return made


@pytest.fixture
def rows(environment, tmp_path):
    """Ask the newsroom's database."""

    def call(query):
        if url := environment.get("DATABASE_URL"):
            with psycopg.connect(url) as database:
                return database.execute(query).fetchall()
        with closing(sqlite3.connect(tmp_path / "data" / "belowline.sqlite3", timeout=20)) as database:
            return database.execute(query).fetchall()

    return call


@pytest.fixture
def session(start, rows):
    """The session of a reader who is signed in to a newsroom that has its tables."""
    start().send("quit")
    [(key,)] = rows("SELECT session_key FROM django_session")
    return key


@pytest.fixture
def check(rows, environment):
    """Check what must be true whatever happened."""

    def call():
        if "DATABASE_URL" not in environment:
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
        for name in ("comments_revision", "moderation_decision"):
            assert rows(f"SELECT count(*) FROM {name}") == rows("SELECT count(*) FROM comments_comment")  # noqa: S608
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
