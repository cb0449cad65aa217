"""`belowline serve`: pages over HTTP, a worker beside it, both gone when it is told to stop."""

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

INIT = ["--name", "The Gazette", "--key", "gazette", "--domain", "gazette.example", "--email", "chief@gazette.example"]


@pytest.fixture
def run(environment, tmp_path):
    def call(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "belowline", *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(address, **options):
    """The status, the headers and the body that an address answers with."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, **options), timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def wait_for(address, process, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8")
        try:
            return get(address)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def children_of(pid):
    """The processes that a process has started, and those that they have."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text("utf-8").split():
            found += [int(child), *children_of(child)]
    return found


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.slow
@pytest.mark.usefixtures("tables")
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks at processes through /proc")
def test_it_serves_and_stops(run, environment, tmp_path, port):
    assert run("init", *INIT).returncode == 0
    environment |= {
        "BELOWLINE_METRICS_TOKEN": "scrape",
        "BELOWLINE_LOG_FORMAT": "json",
        "BELOWLINE_LOG_REQUESTS": "yes",
        "BELOWLINE_TRUSTED_PROXIES": "127.0.0.1",
        "BELOWLINE_LIMIT_SSO": "5/h/address",
    }
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "belowline", "serve", "--port", str(port), "--processes", "2"],
            env=environment,
            cwd=tmp_path,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        assert wait_for(f"{address}/healthz", server, log)[2] == b'{"status": "ok"}'
        check_pages(address)
        check_sizes(port)
        check_limits(address)
        check_for_operators(address, log)
        started = children_of(server.pid)
        assert len(started) >= 2, "a web process and a worker"
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0, log.read_text("utf-8")
        deadline = time.monotonic() + 10
        while any(map(is_running, started)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not [pid for pid in started if is_running(pid)]
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def raw(port, head, body=b""):
    """The status that a request gets which is written by hand, and all that comes with it."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head.encode() + b"Host: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        with contextlib.suppress(ConnectionError):
            connection.sendall(body)
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(65_536):
                answer += piece
    return int(answer.split()[1]), answer


def check_sizes(port):
    """What is too large is refused: by what it says of itself, in its headers, and in chunks without end."""
    post = "POST /discussion/1/post/ HTTP/1.1\r\nContent-Type: text/plain\r\n"
    status, answer = raw(port, f"{post}Content-Length: 5000000\r\n", b"x" * 5_000_000)
    assert (status, b'"code": "body_too_long"' in answer) == (413, True)
    assert raw(port, f"{post}Content-Length: 900000000000\r\n")[0] == 413, "and is not waited for"
    assert raw(port, f"{post}Content-Length: 3\r\n", b"a=b")[0] == 403, "no token of the form"
    chunks = b"".join(b"%x\r\n%s\r\n" % (65_536, b"x" * 65_536) for _ in range(80)) + b"0\r\n\r\n"
    assert raw(port, f"{post}Transfer-Encoding: chunked\r\n", chunks)[0] == 403, "dropped as it comes"
    get = "GET /healthz HTTP/1.1\r\n"
    assert raw(port, f"{get}X-Long: {'x' * 30_000}\r\n")[0] == 200
    assert raw(port, f"{get}X-Long: {'x' * 100_000}\r\n")[0] == 431
    assert raw(port, f"GET /healthz?{'x' * 100_000} HTTP/1.1\r\n")[0] in {414, 431}


def check_limits(address):
    """Two processes let through together what a limit says, whatever a client writes into its headers."""
    sent = {"Origin": address, "X-Forwarded-Proto": "https"}
    answers = [
        get(f"{address}/sso/", data=b"token=x", headers=sent | {"X-Forwarded-For": f"192.0.2.{number}, 203.0.113.9"})
        for number in range(12)
    ]

    assert sorted(status for status, *_ in answers) == [400] * 5 + [429] * 7
    assert {400, 429} == {status for status, *_ in answers}
    refused = next(headers for status, headers, _ in answers if status == 429)
    assert 0 < int(refused["Retry-After"]) <= 720
    other = sent | {"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}
    assert get(f"{address}/sso/", data=b"token=x", headers=other)[0] == 400, "somebody else"


def check_pages(address):
    status, headers, body = get(f"{address}/faq/")
    assert status == 200
    assert b"The Gazette" in body
    assert "frame-ancestors 'self' https://gazette.example" in headers["Content-Security-Policy"]

    status, headers, body = get(f"{address}/static/belowline/embed.js")
    assert (status, headers["Content-Type"].split(";")[0]) == (200, "text/javascript")
    assert get(f"{address}/embed.js")[2] == body

    status, headers, body = get(f"{address}/faq/", method="HEAD")
    assert (status, body) == (200, b"")
    assert get(f"{address}/nothing")[0] == 404
    assert get(f"{address}/faq/", headers={"Host": "evil.example"})[0] == 400
    assert get(f"{address}/desk/comments/1/decide/", data=b"outcome=publish")[0] == 403


def check_for_operators(address, log):
    """Whichever of the two processes answers, it tells what both have done."""
    status, _, body = get(f"{address}/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ready")
    for _ in range(20):
        assert get(f"{address}/faq/", headers={"X-Request-ID": "from-the-test"})[0] == 200
    assert get(f"{address}/metrics")[0] == 403
    told = get(f"{address}/metrics", headers={"Authorization": "Bearer scrape"})[2].decode()
    asked = r'belowline_http_requests_total{method="GET",status="200",view="faq"} (\d+)'
    assert int(re.search(asked, told)[1]) == 21
    assert 'belowline_tasks{state="ready"} 0.0' in told
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    assert len([line for line in lines if line.get("request") == "from-the-test" and line["view"] == "faq"]) == 20


def test_without_a_secret_key(run):
    done = run("serve")

    assert done.returncode == 1
    assert "there is no secret key: run `belowline init`" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_tables(run, environment):
    environment["BELOWLINE_SECRET_KEY"] = "only-for-tests-" * 4
    Path(environment["BELOWLINE_DATA_DIR"]).mkdir()
    done = run("serve")

    assert done.returncode == 1
    assert "the database is not of this version: run `belowline migrate`" in done.stderr


@pytest.mark.usefixtures("tables")
def test_on_the_tables_of_a_newer_version(run, environment):
    environment["BELOWLINE_SECRET_KEY"] = "only-for-tests-" * 4
    with closing(sqlite3.connect(Path(environment["BELOWLINE_DATA_DIR"]) / "belowline.sqlite3")) as database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('comments', '9999_later', '2030')")
        database.commit()
    done = run("serve")

    assert done.returncode == 1
    assert "the database is of a newer version" in done.stderr


def test_without_a_database(run, environment):
    environment["BELOWLINE_SECRET_KEY"] = "only-for-tests-" * 4
    done = run("serve")

    assert done.returncode == 1
    assert "the database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_the_tables_are_of_this_version():
    from belowline.cli.serve import check_database

    check_database()
