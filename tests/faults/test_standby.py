"""A real standby of PostgreSQL: up to date, held back, gone, and there again; readers never see the difference."""

import subprocess
import sys
from pathlib import Path

import pytest
from machines import BINARIES

PROGRAM = Path(__file__).with_name("standby.py")
SMALL = "-c fsync=off -c max_wal_senders=4 -c wal_level=replica"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (BINARIES / "pg_basebackup").exists(), reason="no PostgreSQL")]


@pytest.fixture
def clusters(make_cluster):
    """A database and its standby, which follows it."""
    primary, standby = make_cluster("primary", SMALL), make_cluster("standby", SMALL)
    primary.create()
    primary.start()
    return primary, standby


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
