"""The Coral door: p50 and p99 of signed calls with a known story, against a server as `belowline serve` runs it.

`tests/bench/coral.py [CALLS]` prints a table; one caller on one connection, one call after the other. The server shares
the machine with the caller. The same calls go through Django's test client too, which shows what the network adds.
"""

import hashlib
import hmac
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
SECRET = b"bench"
TEXTS = (
    "The council knew for years that the cables of the harbour bridge were rusted, and the ferries never carry that.",
    "My grandmother baked sourdough bread with rye flour every Sunday, in a hot oven, with patience and vinegar.",
    "You are a complete idiot and a worthless moron, shut up.",
    "Quite so.",
)
BODY = "\n".join(
    f"Paragraph {number}: the harbour bridge is closed, its cables rusted, and the ferries run from the fish dock."
    for number in range(40)
)


def main(calls: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "BELOWLINE_DATA_DIR": folder,
            "BELOWLINE_SECRET_KEY": "bench",
            "BELOWLINE_LOG_LEVEL": "ERROR",
            "BELOWLINE_HOSTS": "127.0.0.1,testserver",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "belowline.config.settings",
        }
        fill()
        report("Django's test client", times(calls, by_client()))
        report("a server, one connection", by_server(calls))


def fill() -> None:
    """Connect a site with one story."""
    import django

    django.setup()
    from django.core.management import call_command

    from belowline.compat.actions.connect_coral import connect_coral
    from belowline.stories.actions.save_story import save_story
    from belowline.stories.models import Site

    call_command("migrate", verbosity=0)
    site = Site.objects.create(key="bench", name="Bench", domains=["bench.example"])
    save_story(site=site, key="story", title="Harbour bridge closed for repairs", body=BODY)
    connect_coral(site=site, secret=SECRET.decode())


def requests() -> list[tuple[bytes, dict[str, str]]]:
    """Return the signed calls, one for each text."""
    found = []
    for text in TEXTS:
        asked = {"action": "NEW", "comment": {"body": text, "parentID": None}, "story": {"id": "story", "url": ""}}
        body = json.dumps(asked, indent=2).encode()
        signature = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        found.append((body, {"X-Coral-Signature": f"sha256={signature}", "Content-Type": "application/json"}))
    return found


def times(calls: int, call: Callable[[bytes, dict[str, str]], int]) -> list[float]:
    """Return the milliseconds of each call, after a few to warm up."""
    found, asked = [], requests()
    for number in range(20 + calls):
        started = time.perf_counter()
        status = call(*asked[number % len(asked)])
        found.append((time.perf_counter() - started) * 1000)
        assert status in {200, 204}, status
    return found[20:]


def by_client() -> Callable[[bytes, dict[str, str]], int]:
    """Return a caller within this process."""
    from django.test import Client

    client = Client()

    def call(body: bytes, headers: dict[str, str]) -> int:
        return client.post("/coral/bench/", body, content_type="application/json", headers=headers).status_code

    return call


def by_server(calls: int) -> list[float]:
    """Start a server, and measure over one connection."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, str(HERE / "server.py"), "belowline", str(port)])
    try:
        connection = connected(port)

        def call(body: bytes, headers: dict[str, str]) -> int:
            connection.request("POST", "/coral/bench/", body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status

        return times(calls, call)
    finally:
        process.terminate()
        process.wait(30)


def connected(port: int) -> http.client.HTTPConnection:
    """Return a connection once the server answers."""
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return connection
    raise TimeoutError("the server did not start")


def report(name: str, found: list[float]) -> None:
    """Print one line."""
    cuts = statistics.quantiles(found, n=100)
    print(f"{name:<28} n={len(found)}  p50 {cuts[49]:6.1f} ms  p99 {cuts[98]:6.1f} ms  most {max(found):6.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
