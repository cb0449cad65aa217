"""`belowline serve --engine-only`: the judgement alone, as processes of its own; no accounts, no comments."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

pytestmark = pytest.mark.slow
BODY = {"comment": {"text": "You are an idiot."}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["en"]}
APPS = """
import os
os.environ["BELOWLINE_ENGINE_ONLY"] = "yes"
os.environ["DJANGO_SETTINGS_MODULE"] = "belowline.config.settings"
import django, json, sys
django.setup()
from django.apps import apps
from django.core.checks import run_checks
import belowline.config.wsgi_engine
found = sorted(config.name for config in apps.get_app_configs())
print(json.dumps([found, sorted(name for name in sys.modules if name.startswith("allauth")), len(run_checks())]))
"""


class Running:
    """A server of its own with its data folder."""

    def __init__(self, folder, *options):
        ours = ("BELOWLINE_", "DATABASE_URL", "DJANGO_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.folder, self.options = folder, options
        self.environment = clean | {"BELOWLINE_DATA_DIR": str(folder / "data"), "PYTHONUTF8": "1"}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://localhost:{self.port}"

    def belowline(self, *arguments):
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "belowline", *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def __enter__(self):
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "belowline", "serve", "--engine-only", "--port", str(self.port), *self.options],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while self.ask("/healthz")[0] != 200:
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)
        return self

    def __exit__(self, *error):
        self.stop()

    def stop(self):
        """Stop as a service manager does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def log(self):
        return (self.folder / "log").read_text("utf-8")

    def ask(self, path, data=None, **headers):
        """The status, the headers and the text of an answer; 0 where there is none."""
        body = None if data is None else json.dumps(data).encode()
        try:
            with urllib.request.urlopen(
                urllib.request.Request(self.address + path, body, headers), timeout=30
            ) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()
        except OSError:
            return 0, {}, ""

    def rows(self, query):
        """Ask the database."""
        with closing(sqlite3.connect(self.folder / "data" / "belowline.sqlite3", timeout=20)) as database:
            return database.execute(query).fetchall()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A server that is not started yet, with a key for a day's work and one that allows 40 comments."""
    server = Running(tmp_path_factory.mktemp("engine"), "--processes", "2")
    server.key, server.small_key = (
        server.belowline("keys", "create", label, "--quota", quota).stdout.strip()
        for label, quota in (("Tests", "6000"), ("Small", "40"))
    )
    return server


@pytest.fixture(scope="module")
def server(prepared):
    with prepared:
        yield prepared


@pytest.fixture(scope="module")
def open_server(tmp_path_factory):
    with Running(tmp_path_factory.mktemp("open"), "--no-keys") as server:
        yield server


def test_it_keeps_the_contract(server):
    done = server.belowline("compat", "check", f"{server.address}/v1alpha1", "--key", server.key)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 differs, 0 not served. Belowline's extras: 5 of 5." in done.stdout


def test_processes_share_a_quota(server):
    while time.time() % 60 > 55:  # the minute must not end while its quota is counted
        time.sleep(0.05)
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda _: server.ask(f"/v1alpha1/comments:analyze?key={server.small_key}", BODY)[0], range(90))
        )

    assert set(found) == {200, 429}
    assert 36 <= found.count(200) <= 40


def test_only_the_tables_that_it_needs(server):
    tables = {name for (name,) in server.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    assert {"compat_apikey", "compat_keyminute", "compat_suggestion", "stories_site", "events_event"} <= tables
    assert not [
        name for name in tables if name.split("_")[0] in {"accounts", "account", "auth", "comments", "moderation"}
    ]
    assert not [name for name in tables if name.startswith(("django_session", "django_tasks", "notifications"))]


def test_only_the_apps_that_it_needs(server):
    done = subprocess.run(
        [sys.executable, "-c", APPS],
        env=server.environment,
        cwd=server.folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        ["belowline.compat", "belowline.events", "belowline.stories", "django.contrib.staticfiles"],
        [],
        0,
    ]


@pytest.mark.parametrize("path", ["/accounts/login/", "/desk/", "/faq/", "/api/v1/openapi.json", "/admin/"])
def test_no_pages_of_a_newsroom(server, path):
    assert server.ask(path)[0] == 404


def test_the_page_of_use(server):
    status, headers, page = server.ask("/usage/")

    assert status == 200
    assert "API key" in page
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert server.ask(style)[0] == 200
    assert "API key" in server.ask("/")[2]


def test_the_address_in_the_discovery_document(server):
    document = json.loads(server.ask("/$discovery/rest?version=v1alpha1", Host="commentanalyzer.googleapis.com")[2])

    assert document["rootUrl"] == f"{server.address}/"


def test_it_says_where_it_is(server, open_server):
    assert f"{server.address}/v1alpha1/comments:analyze" in server.log()
    assert "There is no API key yet" not in server.log() + open_server.log()


def test_no_text_and_no_key_is_in_the_log(server):
    server.ask(f"/v1alpha1/comments:analyze?key={server.key}", BODY | {"languages": ["om"]})

    assert "idiot" not in server.log()
    assert server.key not in server.log()


def test_a_body_in_chunks(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    path = f"/v1alpha1/comments:analyze?key={server.key}"
    connection.request(
        "POST", path, iter([json.dumps(BODY).encode()]), {"Transfer-Encoding": "chunked"}, encode_chunked=True
    )

    with closing(connection):
        assert connection.getresponse().status == 200


def test_without_keys(open_server):
    status, headers, text = open_server.ask("/v1alpha1/comments:analyze", BODY)

    assert status == 200
    assert json.loads(text)["attributeScores"]
    assert "RateLimit" not in headers
    assert open_server.rows("SELECT count(*) FROM compat_keyday") == [(0,)]


def test_the_contract_without_keys(open_server):
    done = open_server.belowline("compat", "check", open_server.address)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "keys:" not in done.stdout


def test_no_keys_is_for_the_engine_alone(prepared):
    done = prepared.belowline("serve", "--no-keys")

    assert done.returncode == 2
    assert "--no-keys goes with --engine-only" in done.stderr


def test_a_newsroom_can_be_made_of_it_later(open_server):
    done = open_server.belowline("migrate")

    assert done.returncode == 0, done.stderr
    assert open_server.ask("/healthz")[0] == 200
    assert open_server.rows("SELECT count(*) FROM accounts_user") == [(0,)]
    assert open_server.belowline("keys", "list").returncode == 0


def test_use_is_written_when_the_server_stops(tmp_path):
    server = Running(tmp_path)
    key = server.belowline("keys", "create", "Tests").stdout.strip()
    with server:
        assert server.ask(f"/v1alpha1/comments:analyze?key={key}", BODY)[0] == 200

    assert server.rows("SELECT calls FROM compat_keyday") == [(1,)]


def test_a_refused_body_breaks_no_connection(server):
    """The body comes after its head, and the answer is a refusal: the same connection is good for the next call."""
    body = json.dumps(BODY).encode() + b" " * 50_000
    head = (
        f"POST /v1alpha1/comments:analyze?key=nobody HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        for _ in range(30):
            connection.sendall(head.encode())
            connection.sendall(body)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert answer.status == 400
            assert b"API_KEY_INVALID" in answer.read()
