"""A real standby of PostgreSQL: up to date, held back, gone, and there again; readers never see the difference."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("standby.py")
FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
BINARIES = FOUND[-1].parent if FOUND else Path(shutil.which("initdb") or "initdb").parent
SMALL = "-c fsync=off -c shared_buffers=16MB -c max_wal_senders=4 -c listen_addresses=127.0.0.1 -c wal_level=replica"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (BINARIES / "pg_basebackup").exists(), reason="no PostgreSQL")]


class Cluster:
    """A server of PostgreSQL in a folder of its own, by somebody who is not root."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.user = {"user": "postgres"} if os.geteuid() == 0 else {}

    def run(self, program, *arguments):
        done = subprocess.run(
            [BINARIES / program, *arguments],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            timeout=60,
            **self.user,
        )
        assert done.returncode == 0, done.stdout

    def start(self):
        options = f"-p {self.port} -k {self.folder.parent} {SMALL}"
        self.run(
            "pg_ctl", "-D", self.folder, "-w", "-l", self.folder.parent / f"{self.port}.log", "-o", options, "start"
        )

    def stop(self):
        if (self.folder / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", self.folder, "-w", "-m", "immediate", "stop")

    @property
    def url(self):
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def clusters():
    """A database and its standby, which follows it; not in pytest's folder, which is root's alone where root tests."""
    folder = Path(tempfile.mkdtemp(prefix="belowline-clusters-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    primary, standby = Cluster(folder / "primary", free_port()), Cluster(folder / "standby", free_port())
    primary.run(
        "initdb", "-D", primary.folder, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"
    )
    try:
        primary.start()
        yield primary, standby
    finally:
        standby.stop()
        primary.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_real_standby(clusters, environment, tmp_path):
    primary, standby = clusters
    environment |= {"DATABASE_URL": primary.url, "BELOWLINE_SECRET_KEY": "only-for-tests-" * 4}
    belowline = [sys.executable, "-m", "belowline"]
    subprocess.run([*belowline, "migrate"], env=environment, cwd=tmp_path, check=True, capture_output=True, timeout=200)
    primary.run(
        "pg_basebackup", "-R", "-D", standby.folder, "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres"
    )
    standby.start()
    environment["BELOWLINE_REPLICA_URL"] = standby.url
    program = subprocess.Popen(
        [sys.executable, PROGRAM],
        env=environment,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(words):
        program.stdin.write(f"{words}\n")
        program.stdin.flush()
        return program.stdout.readline().split()

    try:
        # What comes back: how many comments the page shows, and how many questions the standby was asked.
        assert ask("write") == ["written"]
        assert ask("follow") == ["followed"]
        shown, asked = map(int, ask("page"))
        assert (shown, asked > 5) == (1, True), "the standby makes the page"

        assert ask("hold") == ["held"]
        assert ask("write") == ["written"]
        assert ask("page") == ["2", "2"], "one that is behind is asked how far it is: lag and version"

        assert ask("go") == ["gone"]
        assert ask("follow") == ["followed"]
        assert ask("write") == ["written"]
        assert ask("follow") == ["followed"]
        shown, asked = map(int, ask("page"))
        assert (shown, asked > 5) == (3, True)
        assert ask("try-writing") == ["refused"]

        standby.stop()
        assert ask("write") == ["written"]
        assert ask("page")[0] == "4", "the database stands in"
        standby.start()
        assert ask("pause") == ["paused"]
        assert ask("follow") == ["followed"]
        assert ask("write") == ["written"]
        assert ask("follow") == ["followed"]
        shown, asked = map(int, ask("page"))
        assert (shown, asked > 5) == (5, True)
    finally:
        program.stdin.close()
        assert program.wait(30) == 0
        program.stdout.close()
