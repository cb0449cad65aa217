"""`belowline serve --engine-only` in a process of its own, for clients of Perspective that know nothing of us."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest

SECONDS_TO_START = 60


class Answer(NamedTuple):
    """What came back, as any product would read it."""

    status: int
    headers: Any
    body: Any


class Door:
    """The running server, and the command line beside it."""

    def __init__(self, url, environment, folder):
        self.url = url
        self.discovery = f"{url}/$discovery/rest?version=v1alpha1"
        self.key = ""
        self._environment = environment
        self._folder = folder

    def belowline(self, *arguments):
        """Run a command; returns what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "belowline", *arguments],
            env=self._environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def post(self, body, *, method="analyze", key=None, headers=(), timeout=60.0):
        """Send a body of text, or an object as JSON, with these headers and none besides."""
        sent = body if isinstance(body, str) else json.dumps(body)
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=timeout)
        try:
            address = f"/v1alpha1/comments:{method}?key={key or self.key}"
            connection.request("POST", address, sent.encode(), dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, json.loads(answer.read()))
        finally:
            connection.close()


@pytest.fixture(scope="session")
def door(tmp_path_factory):
    """Serve the judgement alone, on a free port, with a key of its own."""
    folder = tmp_path_factory.mktemp("door")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = ("BELOWLINE_", "DATABASE_URL", "DJANGO_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"BELOWLINE_DATA_DIR": str(folder / "data"), "PYTHONUTF8": "1"}
    made = Door(f"http://localhost:{port}", environment, folder)
    made.key = made.belowline("keys", "create", "clients")
    log = folder / "log"
    command = [sys.executable, "-m", "belowline", "serve", "--engine-only", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_for(f"{made.url}/healthz", process, log)
        yield made
    finally:
        stop(process)


def wait_for(address, process, log):
    """Wait until the server answers."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8")
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text("utf-8"))


def stop(process):
    """Stop the server, by force if it must be."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def insult():
    return "You are a complete idiot and a liar."


@pytest.fixture
def kind():
    return "Thank you for the clear explanation of the tolls."


@pytest.fixture
def three_sentences():
    """A text whose sentences lie at UTF-16 offsets other than Python's, and those offsets."""
    sentences = ["Thank you for the walk 😀 along the harbour.", "You are a complete idiot.", "See you on Sunday."]
    places, begin = [], 0
    for sentence in sentences:
        end = begin + len(sentence.encode("utf-16-le")) // 2
        places.append((begin, end))
        begin = end + 1
    return " ".join(sentences), places
