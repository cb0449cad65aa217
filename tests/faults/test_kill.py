"""A process is killed at any moment while readers post: what was answered is kept, and nothing half-made is there."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest

ROUNDS = 40
LONGEST_ROUND_ANSWERS = 4
"""A process is killed at most so long after it first asks as this many answers take, here and now."""


def check_answers(answered, kept):
    """Every answer was true: the comment is there, in the state that the reader was told."""
    for key, (status, location) in answered.items():
        assert status == 302, (key, status)
        pk, state = kept[key]
        assert f"?posted={pk}" in location
        assert location.endswith(f"#c-{pk}" if state == "published" else "#outcome")


def longest_round(poster):
    """How long a process posts at most before it is killed, in seconds: by how quick one is that is left in peace."""
    poster.send("round", "pace")
    child = int(poster.wait_for("child")[1])
    poster.wait_for("asked")
    began = time.monotonic()
    for _ in range(LONGEST_ROUND_ANSWERS):
        poster.wait_for("answered")
    found = time.monotonic() - began
    os.kill(child, signal.SIGKILL)
    poster.wait_for("done")
    return found


def test_killed_between_request_and_answer(start, check, kept):
    """Forty times, at random moments; then every form is sent once more."""
    poster, chance = start(), random.Random(2026)
    longest, in_peace = longest_round(poster), len(poster.answered)
    for number in range(ROUNDS):
        poster.send("round", f"r{number}")
        child = int(poster.wait_for("child")[1])
        poster.wait_for("asked")
        time.sleep(chance.random() * longest)
        os.kill(child, signal.SIGKILL)
        poster.wait_for("done")
    unanswered = [key for key in poster.asked if key not in poster.answered]

    assert len(unanswered) >= ROUNDS // 2, "most kills came between a request and its answer"
    assert len(poster.answered) - in_peace >= ROUNDS // 4, "and some came after a few answers"
    check()
    before = kept()
    check_answers(poster.answered, before)

    poster.do("again", *poster.asked)
    check()
    after = kept()
    assert set(after) == set(poster.asked)
    assert {key: after[key] for key in before} == before
    check_answers(poster.answered, after)


# --- the real server


@pytest.fixture
def serve(environment, tmp_path):
    """Start `belowline serve` in a group of processes that can be killed as one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, started = f"http://127.0.0.1:{port}", []

    def call():
        with (tmp_path / "log").open("ab") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "belowline", "serve", "--port", str(port), "--processes", "1", "--no-worker"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(server)
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=5).read()
            except OSError:
                assert time.monotonic() < deadline
                assert server.poll() is None, (tmp_path / "log").read_text("utf-8")[-3000:]
                time.sleep(0.05)
            else:
                return server

    call.address = address
    yield call
    for server in started:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Gives the answer itself."""

    def redirect_request(self, *_):
        return None


class Reader(threading.Thread):
    """Posts over HTTP until the server is gone."""

    def __init__(self, address, session, name):
        super().__init__(daemon=True)
        self.address, self.session, self.label = address, session, name
        self.asked, self.answered = [], {}
        self.open = urllib.request.build_opener(NoRedirect).open

    def run(self):
        for number in range(10_000):
            if not self.post(f"{self.label}-{number}"):
                return

    def post(self, key):
        token = "a" * 32
        text = (f"A quiet remark, number {key}." if sum(key.encode()) % 2 else f"What a wombat, number {key}.").encode()
        form = b"csrfmiddlewaretoken=%s&idempotency_key=%s&text=%s" % (token.encode(), key.encode(), text)
        cookies = f"csrftoken={token}; belowline_session={self.session}"
        self.asked.append(key)
        try:
            for data in (form, form + b"&nudged=1"):  # an author who is nudged posts once more
                request = urllib.request.Request(f"{self.address}/discussion/1/post/", data, {"Cookie": cookies})
                self.open(request, timeout=20).close()
        except urllib.error.HTTPError as error:
            with error:
                self.answered[key] = (error.code, error.headers["Location"])
            return True
        except OSError:
            return False
        raise AssertionError("a post leads elsewhere")


@pytest.mark.slow
def test_the_server_is_killed_while_readers_post(start, serve, rows, check, kept):
    poster = start()
    poster.send("quit")
    [(session,)] = rows("SELECT session_key FROM django_session")
    chance, asked, answered = random.Random(7), [], {}
    for number in range(4):
        server = serve()
        readers = [Reader(serve.address, session, f"s{number}{name}") for name in "abcd"]
        for reader in readers:
            reader.start()
        time.sleep(0.3 + chance.random() * 0.7)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        for reader in readers:
            reader.join(30)
            asked += reader.asked
            answered |= reader.answered
    check()
    check_answers(answered, kept())
    assert len(asked) > len(answered) > 4

    serve()
    again = Reader(serve.address, session, "again")
    assert all(again.post(key) for key in asked)
    check()
    assert set(kept()) == {"warm", *asked}
    check_answers(answered | again.answered, kept())
