"""Servers that tests start for themselves and may stop, kill and break: a newsroom, PostgreSQL, Redis."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
BINARIES = FOUND[-1].parent if FOUND else Path(shutil.which("initdb") or "initdb").parent
REDIS = shutil.which("redis-server") or shutil.which("valkey-server")
LOCAL = "-c shared_buffers=16MB -c listen_addresses=127.0.0.1"
PATIENCE_SECONDS = 180


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_so, seconds=PATIENCE_SECONDS):
    """Ask again and again; fail when it has not become true in that time."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


class Newsroom:
    """`belowline serve` on a port of its own, in a group of processes that can be killed as one."""

    def __init__(self, environment, log, *options):
        self.environment, self.log, self.port, self.process = environment, log, free_port(), None
        options = options or ("--processes", "1", "--no-worker")
        self.command = [sys.executable, "-m", "belowline", "serve", "--port", str(self.port), *options]
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self):
        """Start it, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(self._answers)
        return self

    def _answers(self):
        assert self.process.poll() is None, self.log.read_text("utf-8")[-3000:]
        try:
            urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
        except OSError:
            return False
        return True

    def kill(self):
        """Kill all of it at once, as `kill -9` does."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self):
        """Tell it to stop; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)


class Cluster:
    """A server of PostgreSQL in a folder of its own, by somebody who is not root."""

    def __init__(self, folder, options=""):
        self.folder, self.port, self.options = folder, free_port(), options
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

    def create(self):
        self.run("initdb", "-D", self.folder, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def control(self, word, *arguments):
        """Say start, stop or restart, and wait until it is so."""
        options = f"-p {self.port} -k {self.folder.parent} {LOCAL} {self.options}"
        log = self.folder.parent / f"{self.port}.log"
        self.run("pg_ctl", "-D", self.folder, "-w", "-l", log, "-o", options, *arguments, word)

    def start(self):
        self.control("start")

    def stop(self):
        if (self.folder / "postmaster.pid").exists():
            self.control("stop", "-m", "immediate")

    @property
    def url(self):
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"


class Redis:
    """A Redis (or Valkey) that keeps nothing on the disk."""

    def __init__(self, log):
        self.log, self.port, self.process = log, free_port(), None

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [REDIS, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
                stdout=log,
                stderr=log,
                cwd=self.log.parent,
            )
        wait_until(self._answers)

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
