"""A connected Coral: signed requests, a paper's web server with an article, and a Coral that knows parent comments."""

import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from belowline.compat.actions.connect_coral import connect_coral
from belowline.compat.coral import judge, parent, story

SECRET = "the phase's own secret"
ARTICLE = """<!doctype html><html lang="en"><head><title>Bridge closed | The Gazette</title>
<meta property="og:title" content="Harbour bridge closed for repairs"><meta name="description" content="Until May.">
</head><body><article><h1>Harbour bridge closed for repairs</h1>
<p>The harbour bridge has been closed to all traffic since Monday morning, the council said in a statement.</p>
<p>Engineers found that two of the main cables have rusted through and must be replaced before the winter storms.</p>
<p>Ferries will run every twenty minutes from the old fish dock, and a ticket costs the same as the bridge toll.</p>
</article></body></html>"""
ON_TOPIC = (
    "The council knew for years that the cables of the harbour bridge were rusted, and the ferries from the fish dock "
    "will never carry all that traffic."
)
OFF_TOPIC = (
    "My grandmother baked sourdough bread with rye flour every Sunday, and the secret of her crust was a hot oven, "
    "patience, and a splash of vinegar in the dough."
)
BAKERS = (
    "Who still bakes sourdough bread at home? Rye flour, a hot oven and a splash of vinegar make the best crust, "
    "my grandmother taught me the dough."
)
ABUSE = "You are a complete idiot and a worthless moron, shut up."


@pytest.fixture(autouse=True)
def idle():
    """Begin with empty memories, and end when nothing works in the background any more."""
    forget()
    yield
    wait_for(lambda: not story.stories._errands._running and not parent.parents._errands._running)
    forget()


def forget():
    story.forget_stories()
    parent.parents.forget()
    judge.operators_engine.cache_clear()


def wait_for(is_so, seconds=20):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


@pytest.fixture
def until():
    return wait_for


class Server(BaseHTTPRequestHandler):
    """Hands every request to the test's own function, which returns status, type and body."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.path, dict(self.headers), sent))
        found = self.server.respond(self, sent)
        if found is None:
            self.close_connection = True
            return
        status, kind, body = found
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status in {301, 302, 307, 308}:
            self.send_header("Location", self.server.address)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def serve():
    """Start small web servers that answer by a function."""
    started = []

    def start(respond):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
        server.daemon_threads = True
        server.respond, server.asked = respond, []
        server.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def paper(serve, settings):
    """The paper's web server; `pages` is {path: (status, type, body)}, `gate` holds answers back while it is shut."""
    settings.STORY_FETCH_PRIVATE = True
    gate = threading.Event()
    gate.set()

    def respond(handler, sent):
        gate.wait(10)
        return server.pages.get(handler.path, (404, "text/html", b""))

    server = serve(respond)
    server.gate = gate
    server.pages = {"/bridge": (200, "text/html; charset=utf-8", ARTICLE.encode())}
    yield server
    gate.set()


@pytest.fixture
def coral(serve):
    """Coral's API; `comments` is {id: (HTML of the comment, HTML of its thread's first comment or None)}."""

    def respond(handler, sent):
        if server.instead:
            return server.instead(handler)
        found = server.comments.get(json.loads(sent)["variables"]["id"])
        comment = found and {"body": found[0], "rootParent": found[1] and {"body": found[1]}}
        return 200, "application/json", json.dumps({"data": {"comment": comment}}).encode()

    server = serve(respond)
    server.comments, server.instead = {}, None
    return server


@pytest.fixture
def gazette(site):
    """The paper whose small policy decides predictably, connected."""
    connect_coral(site=site, secret=SECRET)
    return site


@pytest.fixture
def courier(other_site):
    """A paper under the shipped policy, whose pages lie on this machine, connected with room for slow machines."""
    other_site.domains = ["127.0.0.1"]
    other_site.save()
    connect_coral(site=other_site, secret=SECRET, budget_ms=5_000)
    return other_site


def sign(body, *secrets):
    return ",".join("sha256=" + hmac.new(one.encode(), body, hashlib.sha256).hexdigest() for one in secrets)


@pytest.fixture
def signed():
    """Sign a body with secrets, as Coral does."""
    return sign


@pytest.fixture
def sent():
    """Build what Coral sends."""

    def build(text, *, url="https://gazette.example/bridge", story="story-1", parent=None, **changes):
        return {
            "action": "NEW",
            "comment": {"body": text, "parentID": parent},
            "author": {"id": "baf4e943-3594-4fcc-b2ba-3e8de7a76352", "role": "COMMENTER"},
            "story": {"id": story, "url": url},
            "site": {"id": "a4bede88-2d2c-4424-bc18-4322a9e285a6"},
            "tenantID": "19ba5794-7eeb-4d46-a81b-c00c61672501",
            "tenantDomain": "localhost",
        } | changes

    return build


@pytest.fixture
def post(client):
    """Send raw bytes to a site's address, signed unless told otherwise."""

    def call(site_key, body, signature=None):
        headers = {"X-Coral-Signature": sign(body, SECRET) if signature is None else signature}
        return client.post(f"/coral/{site_key}/", body, content_type="application/json", headers=headers)

    return call


@pytest.fixture
def ask(post, sent):
    """Send a comment as Coral does; `.said` is the answer's JSON, or None without a body."""

    def call(site, text, **fields):
        answer = post(site.key, json.dumps(sent(text, **fields), indent=2).encode())
        answer.said = json.loads(answer.content) if answer.content else None
        return answer

    return call


@pytest.fixture
def texts():
    """Comments about the article, about something else, what that answers, and abuse."""
    return {"on": ON_TOPIC, "off": OFF_TOPIC, "bakers": BAKERS, "abuse": ABUSE}
