"""Newsrooms and caches as processes of their own, on ports of this machine; and a reader who asks over HTTP."""

import gzip
import http.client
import http.server
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
DEPLOY = HERE.parents[1] / "deploy"
NAME = "comments.paper.example"
FRESH, STALE, ERROR = 2, 1, 60
"""Seconds: short, for tests wait for them."""
NGINX, VARNISH = (
    shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"),
    shutil.which("varnishd", path=f"{os.environ['PATH']}:/usr/sbin"),
)
PURGE_MODULE = Path("/usr/lib/nginx/modules/ngx_http_cache_purge_module.so")
AROUND = """
{head}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    log_format cache '$msec|$request_method|$request_uri|$status|$upstream_cache_status|$upstream_addr';
    access_log {folder}/access.log cache;
    log_subrequest on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/belowline.conf;
}}
"""


class Answer(NamedTuple):
    """What came back; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def cache(self):
        return self.headers.get("x-cache", "")


class Reader:
    """Asks a server, as whoever has the session."""

    def __init__(self, port, session=""):
        self.port, self.session = port, session

    def ask(self, path, method="GET", data=None, **headers):
        sent = {"Host": NAME, "Accept-Encoding": "identity"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if self.session:
            sent["Cookie"] = "; ".join(filter(None, [sent.get("Cookie", ""), f"belowline_session={self.session}"]))
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, data, sent)
            got = connection.getresponse()
            listed = {name.lower(): value for name, value in got.getheaders()}
            return Answer(got.status, listed, got.read())

    def send(self, path, headers=None, **fields):
        """Send a form, as a page of ours does."""
        token = "a" * 32
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token} | fields)
        kind = "application/x-www-form-urlencoded"
        sent = {"Cookie": f"csrftoken={token}", "Content-Type": kind} | (headers or {})
        return self.ask(path, "POST", data, **sent)


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def changed(text, changes):
    """A file with some of its words changed; each stands in it, and once."""
    for old, new in changes.items():
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


@contextmanager
def running(command, log, environment=None, *, port=None, seconds=60):
    """Run a server until the block ends; it is there when its port answers."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        deadline = time.monotonic() + seconds
        while port is not None and not answers(port):
            assert process.poll() is None, log.read_text("utf-8")[-3000:]
            assert time.monotonic() < deadline, log.read_text("utf-8")[-3000:]
            time.sleep(0.05)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(90)


def answers(port):
    """Say whether somebody listens on a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fill(environment):
    """Set a newsroom up; return what is in it."""
    done = subprocess.run(
        [sys.executable, str(HERE / "newsroom.py")], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def newsroom_environment(folder, **more):
    """The environment of a newsroom over a folder, behind a proxy."""
    ours = ("BELOWLINE_", "DATABASE_URL", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {
        "BELOWLINE_DATA_DIR": str(folder),
        "BELOWLINE_SECRET_KEY": "only-for-tests-" * 4,
        "BELOWLINE_HOSTS": NAME,
        "BELOWLINE_BASE_URL": f"http://{NAME}",
        "BELOWLINE_TRUSTED_PROXIES": "127.0.0.1",
        "BELOWLINE_SLOW_SECONDS": "0",
        "BELOWLINE_POSTS_PER_10_MINUTES": "1000000",
        "BELOWLINE_LIMIT_POST": "1000000/m/account",
        "BELOWLINE_SHARED_CACHE_SECONDS": str(FRESH),
        "BELOWLINE_SHARED_CACHE_STALE_SECONDS": str(STALE),
        "BELOWLINE_SHARED_CACHE_ERROR_SECONDS": str(ERROR),
        **more,
    }


def serve(port, environment, log, *options):
    """Run `belowline serve`."""
    command = [sys.executable, "-m", "belowline", "serve", "--port", str(port), *options]
    return running(command, log, environment, port=port)


def nginx(folder, port, behind, *, changes=None, head=""):
    """Run nginx with the file that is shipped, before a server on another port."""
    folder.mkdir()
    text = (DEPLOY / "nginx" / "belowline.conf").read_text("utf-8")
    places = {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{behind};",
        "/var/cache/nginx/belowline ": f"{folder}/cache ",
    }
    (folder / "belowline.conf").write_text(changed(text, places | (changes or {})), "utf-8")
    user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, head=f"{head}\n{user}"), "utf-8")
    return running([NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder)], folder / "log", port=port)


def varnish(folder, port, behind, token):
    """Run Varnish with the file that is shipped."""
    folder.mkdir()
    text = (DEPLOY / "varnish" / "belowline.vcl").read_text("utf-8")
    places = {'.port = "8000"': f'.port = "{behind}"', "change-this-token": token}
    (folder / "belowline.vcl").write_text(changed(text, places), "utf-8")
    folder.chmod(0o755)
    command = [VARNISH, "-F", "-n", str(folder / "work"), "-f", str(folder / "belowline.vcl")]
    return running([*command, "-a", f"127.0.0.1:{port}", "-s", "malloc,32m"], folder / "log", port=port)


def kept_bytes(folder):
    """Everything that nginx has in its cache."""
    return b"".join(unpacked(file.read_bytes()) for file in (folder / "cache").rglob("*") if file.is_file())


def unpacked(kept):
    """A file of nginx' cache: its head, and its body as it is read."""
    head, _, body = kept.partition(b"\r\n\r\n")
    return head + (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)


class Upstream(http.server.BaseHTTPRequestHandler):
    """Writes down what comes; breaks off where it is told to, as a server that is killed does."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        self.server.got.append((self.command, self.path, dict(self.headers)))
        if self.server.breaks:
            self.close_connection = True
            self.connection.close()
            return
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", self.server.told)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - as the library has it

    def log_message(self, *_):
        """Say nothing."""

    def handle(self):
        try:
            super().handle()
        except ValueError:  # its own connection is closed
            self.close_connection = True


@contextmanager
def upstream(*, breaks=False, told="no-cache"):
    """Run a server that only says what came; `told` is its Cache-Control."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    server.daemon_threads, server.got, server.breaks = True, [], breaks
    server.status, server.told = 200, told
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
