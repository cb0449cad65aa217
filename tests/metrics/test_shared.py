"""Several processes count together, and what dead ones have counted goes when the server starts anew."""

import os
import subprocess
import sys

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from belowline.metrics.start import clear_dead, is_alive, reserve

COUNT = """
from belowline.metrics.series import MAILS, JUDGING_SECONDS
MAILS.labels("sent").inc(3)
JUDGING_SECONDS.observe(0.03)
"""


@pytest.fixture
def counted(tmp_path):
    """Two processes have counted, and ended."""
    for _ in range(2):
        environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
        subprocess.run([sys.executable, "-c", COUNT], env=environment, check=True)
    return tmp_path


def test_they_add_up_until_the_server_starts_anew(counted):
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(counted))
    text = generate_latest(registry).decode()

    assert 'belowline_mails_total{result="sent"} 6.0' in text
    assert "belowline_judging_duration_seconds_count 2.0" in text
    (counted / f"counter_{os.getpid()}.db").write_bytes(b"mine")
    (counted / "notes.txt").write_text("of somebody else", "utf-8")
    clear_dead(counted)
    assert {path.name for path in counted.iterdir()} == {f"counter_{os.getpid()}.db", "notes.txt"}


def test_room_on_the_disk_is_kept(tmp_path):
    """The library makes a file with a hole in it: a full disk would end the process that writes there."""
    file = tmp_path / f"counter_{os.getpid()}.db"
    with file.open("wb") as opened:
        opened.truncate(1 << 20)
    assert file.stat().st_blocks * 512 < 1 << 20
    reserve(tmp_path)

    assert file.stat().st_blocks * 512 >= 1 << 20


def test_who_is_alive():
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()

    assert is_alive(os.getpid())
    assert is_alive(1)
    assert not is_alive(done.pid)
