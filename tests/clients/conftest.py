"""A Belowline server that answers as it is told, and a Django site that asks it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.template import Context, Engine


class FakeServer:
    """What was asked, and what is answered."""

    def __init__(self):
        self.asked = []
        self.status, self.body = 200, "<section>One comment</section>"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length", 0))
                sent = json.loads(self.rfile.read(length)) if length else None
                outer.asked.append((self.command, self.path, dict(self.headers), sent))
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(outer.body.encode())

            do_GET = do_PUT = answer  # noqa: N815 - as the library calls them

            def log_message(self, *arguments):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        """Serve no more."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def server(settings):
    """A server that the site's settings name."""
    made = FakeServer()
    settings.BELOWLINE_URL, settings.BELOWLINE_SITE, settings.BELOWLINE_KEY = made.address, "gazette", "secret"
    settings.BELOWLINE_TIMEOUT = 1
    yield made
    made.close()


@pytest.fixture
def render():
    """Render a template that loads the tags."""
    engine = Engine(libraries={"belowline": "django_belowline.templatetags.belowline"})

    def call(source, **context):
        return engine.from_string("{% load belowline %}" + source).render(Context(context))

    return call


class Article:
    """An article of some Django site."""

    pk = 7
    title = "Bridge <closed>"

    class _meta:  # noqa: N801 - as Django names it
        label_lower = "news.article"

    def get_absolute_url(self):
        """Its path."""
        return "/news/bridge/?a=1&b=2"


@pytest.fixture
def article():
    return Article()
