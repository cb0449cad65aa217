"""A small web: a server in a thread, names that lead where a test says, and a record of who was called."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from belowline.stories import connection

PAGE = """<!doctype html><html lang="en"><head><title>Bridge closed | The Gazette</title>
<meta property="og:title" content="Bridge closed for repairs"><meta name="description" content="Until May.">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Bridge closed for repairs</h1>
<p>The harbour bridge has been closed to all traffic since Monday morning, the council said in a statement.</p>
<p>Engineers found that two of the main cables have rusted through and must be replaced before the winter storms.</p>
<p>Ferries will run every twenty minutes from the old fish dock, and a ticket costs the same as the bridge toll.</p>
</article><footer>All rights reserved</footer></body></html>"""


class Paper(BaseHTTPRequestHandler):
    """Answers what the test has laid down for a path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.headers["Host"], self.path))
        answer = self.server.answers.get(self.path)
        if callable(answer):
            answer(self)
            self.close_connection = True
            return
        status, headers, body = answer or (404, {}, b"")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def paper():
    """The paper's own web server on this machine: `answers` is {path: (status, headers, body)} or a function."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Paper)
    server.daemon_threads = True
    html = {"Content-Type": "text/html; charset=utf-8"}
    server.answers = {"/bridge": (200, html, PAGE.encode())}
    server.page = PAGE.encode()
    server.asked = []
    server.html = html
    server.port = server.server_address[1]
    server.address = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def local_site(site, settings):
    """A site whose pages lie on this machine, which the operator has allowed."""
    settings.STORY_FETCH_PRIVATE = True
    site.domains = ["127.0.0.1", "localhost"]
    site.save()
    return site


class Web:
    """Stands in for the socket module: names resolve as laid down, every address leads to the paper's server."""

    def __init__(self, paper):
        self.paper = paper
        self.names = {}
        self.resolved = []
        self.connected = []

    def __getattr__(self, name):
        return getattr(socket, name)

    def getaddrinfo(self, host, port, **_):
        self.resolved.append(host)
        found = self.names.get(host)
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        addresses = found.pop(0) if isinstance(found[0], list) else found
        return [(None, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def create_connection(self, address, timeout=None):
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self.paper.port), timeout)


@pytest.fixture
def web(paper, monkeypatch):
    """The web as the fetching code sees it."""
    made = Web(paper)
    made.names["gazette.example"] = ["93.184.215.14"]
    monkeypatch.setattr(connection, "socket", made)
    return made


@pytest.fixture
def dripping():
    """Answers that come a byte at a time."""

    def drip(head, byte=b"x", pause=0.05, count=400):
        def answer(handler):
            try:
                handler.wfile.write(head)
                for _ in range(count):
                    handler.wfile.write(byte)
                    handler.wfile.flush()
                    time.sleep(pause)
            except OSError:
                pass

        return answer

    return SimpleNamespace(
        body=drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n"),
        headers=drip(b"HTTP/1.1 200 OK\r\nX-Long: "),
        lines=drip(b"HTTP/1.1 200 OK\r\n", byte=b"X-Line: 1\r\n", pause=0.05, count=90),
        status=drip(b"HTTP/1.1 2"),
    )
