"""`make bench-hot-story`: a story that everybody reads at once, on this machine: what of it reaches the server.

`belowline serve` behind nginx with the file that is shipped, both on 127.0.0.1. Readers ask for the state of the
discussion and for its page at the rates of so many open pages; others post. What nginx asked of the server is counted
in its log, requests in the background included. The largest step is that of 50,000 readers, at its full rate; posts
come as fast as this machine judges them. Bounded to three minutes. Needs nginx (`make edge` installs it); wrk for the
last table.
"""

import argparse
import json
import os
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "edge"))

import servers
from servers import NAME, Reader

POLL_SECONDS = 30
"""Of one open page, on average: the script asks first after 20 seconds, then ever more seldom, up to every 300."""
STAY_SECONDS = 600
"""How long a page stands open: so many new readers come as go."""
RELOADS = 0.05
"""Of the polls, so many end in the page being loaded anew, for there are new comments."""
STEPS = (1_000, 5_000, 15_000, 50_000)
SECONDS = 10
FRESH, STALE = 2, 2
POSTERS = 200
BYTES = {"state": "Accept-Encoding: gzip\r\n", "page": "Accept-Encoding: gzip\r\n", "embed": ""}
PEOPLE = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "belowline.config.settings"
import django; django.setup()
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from belowline.accounts.models import User
sessions = []
for number in range({count}):
    user = User.objects.create_user(f"poster{{number}}@reader.example", display_name=f"Poster {{number}}")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client(); client.force_login(user)
    sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
print(json.dumps(sessions))
"""


class Step(NamedTuple):
    """What one step came to."""

    readers: int
    asked: float
    """Requests a second that readers made, of all kinds."""
    origin: dict[str, float]
    """Requests a second that reached the server, by kind."""
    hits: float
    """Of the readers' requests, the share that was answered without asking the server."""
    median_ms: float
    p99_ms: float
    posts: float
    """A second, that were answered with their outcome."""
    cores: float
    """Of the server: seconds of processor a second."""
    errors: int
    sizes: dict[str, float]
    """Bytes of an answer over the wire, its headers included, on average, by kind and status."""


def main() -> None:
    """Run everything and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each step")
    parser.add_argument("--posters", type=int, default=4, help="posts at once in the steps with posts")
    options = parser.parse_args()
    if not servers.NGINX:
        raise SystemExit("nginx is missing: apt-get install nginx")
    with tempfile.TemporaryDirectory(prefix="belowline-hot-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        measure(folder, options.seconds, options.posters)


def measure(folder: Path, seconds: float, posters: int) -> None:
    environment = servers.newsroom_environment(
        folder / "data",
        BELOWLINE_SHARED_CACHE_SECONDS=str(FRESH),
        BELOWLINE_SHARED_CACHE_STALE_SECONDS=str(STALE),
        BELOWLINE_LOG_LEVEL="ERROR",
        OPENBLAS_NUM_THREADS="1",
    )
    (folder / "data").mkdir()
    subprocess.run([sys.executable, str(HERE / "fill.py"), "200"], env=environment, check=True)
    made = [sys.executable, "-c", PEOPLE.format(count=POSTERS)]
    sessions = json.loads(subprocess.run(made, env=environment, check=True, capture_output=True, text=True).stdout)
    port, behind = servers.free_port(), servers.free_port()
    with (
        servers.serve(behind, environment, folder / "log") as server,
        servers.nginx(folder / "nginx", port, behind) as cache,
    ):
        for session in sessions[:8]:  # the engine is warm
            Poster(port, session, "warm").post(0)
        log = folder / "nginx" / "access.log"
        found = [step(port, log, server.pid, readers, seconds) for readers in STEPS]
        small = database_bytes(folder)
        busy = [
            step(port, log, server.pid, readers, seconds, sessions, posters) for readers in (0, STEPS[1], STEPS[-1])
        ]
        large = database_bytes(folder)
        bare = step(behind, None, server.pid, STEPS[-1], seconds)
        processes = {"nginx": cache.pid, "server": server.pid}
        fast = capacity({"nginx": port, "server": behind}, processes, sessions[0])
    report(found, busy, bare, fast)
    grown = (large[0] - small[0]) / max(1, large[1] - small[1])
    print(f"\nThe database grew by {grown:,.0f} bytes for each of {large[1] - small[1]} comments.")


def step(  # noqa: PLR0917 - a measurement's parts
    port: int,
    log: Path | None,
    server: int,
    readers: int,
    seconds: float,
    sessions: list[str] | None = None,
    posters: int = 0,
) -> Step:
    """Let so many readers read, and so many people post at once."""
    rates = {
        "state": readers / POLL_SECONDS,
        "page": readers / STAY_SECONDS + RELOADS * readers / POLL_SECONDS,
        "embed": readers / STAY_SECONDS,
    }
    paths = {"state": "/discussion/1/state/", "page": "/discussion/1/?embed=1", "embed": "/embed/?site=bench&story=one"}
    kinds = [[kind, paths[kind], rates[kind], BYTES[kind]] for kind in paths]
    stop = threading.Event()
    people = [Poster(port, sessions[number], f"{readers}-{number}") for number in range(posters)] if sessions else []
    threads = [threading.Thread(target=one.run, args=(stop, sessions or [])) for one in people]
    offset, before, began = log.stat().st_size if log else 0, processor_seconds(server), time.monotonic()
    for thread in threads:
        thread.start()
    given = json.dumps([port, NAME, seconds, kinds])
    done = subprocess.run(
        [sys.executable, str(HERE / "hot_story_readers.py"), given], capture_output=True, text=True, check=True
    )
    stop.set()
    for thread in threads:
        thread.join()
    took, used = time.monotonic() - began, processor_seconds(server) - before
    results = json.loads(done.stdout)
    origin = Counter(asked_of_server(log, offset)) if log else Counter(kind for kind, *_ in results)
    times = sorted(result[2] for result in results) or [0.0]
    reads = sum(count for kind, count in origin.items() if kind != "post")
    return Step(
        readers=readers,
        asked=len(results) / seconds,
        origin={kind: count / took for kind, count in sorted(origin.items())},
        hits=1 - reads / len(results) if results else 0.0,
        median_ms=1000 * statistics.median(times),
        p99_ms=1000 * times[int(0.99 * (len(times) - 1))],
        posts=sum(one.done for one in people) / took,
        cores=used / took,
        sizes=mean_sizes(results),
        errors=sum(result[1] not in {200, 302, 304} for result in results) + sum(one.failed for one in people),
    )


def mean_sizes(results: list[list]) -> dict[str, float]:
    """Return how large answers were on average."""
    found: dict[str, list[int]] = {}
    for kind, status, _, size in results:
        found.setdefault(f"{kind}, {status}", []).append(size)
    return {name: statistics.mean(sizes) for name, sizes in sorted(found.items())}


def database_bytes(folder: Path) -> tuple[int, int]:
    """Return how large the database is, and how many comments are in it."""
    with closing(sqlite3.connect(folder / "data" / "belowline.sqlite3", timeout=20)) as database:
        [[pages]], [[size]] = (
            database.execute("PRAGMA page_count").fetchall(),
            database.execute("PRAGMA page_size").fetchall(),
        )
        return pages * size, database.execute("SELECT count(*) FROM comments_comment").fetchall()[0][0]


KINDS = {"state/": "state", "post/": "post", "": "page"}


def asked_of_server(log: Path, offset: int) -> list[str]:
    """Return the kind of each request that nginx has passed on since its log was so long."""
    with log.open("rb") as opened:
        opened.seek(offset)
        lines = opened.read().decode().splitlines()
    found = []
    for line in lines:
        _, _, path, _, _, upstream = line.split("|")
        if upstream != "-":
            name = re.fullmatch(r"/discussion/\d+/(\w+/)?(?:\?.*)?", path)
            found.append(
                KINDS.get(name[1] or "", "other") if name else "embed" if path.startswith("/embed/") else "other"
            )
    return found


def processor_seconds(process: int) -> float:
    """Return what a process and its children have used."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == process or int(parts[2]) == process:  # its process group: one session
            total += (int(parts[11]) + int(parts[12])) / ticks
    return total


class Poster:
    """Somebody who posts one comment after the other."""

    texts = [json.loads(line)["text"] for line in (HERE.parent / "gold" / "seed_comments.jsonl").open(encoding="utf-8")]

    def __init__(self, port: int, session: str, name: str) -> None:
        self.port, self.session, self.label, self.done, self.failed = port, session, name, 0, 0

    def post(self, number: int) -> int:
        text = f"{self.texts[(number + hash(self.label)) % len(self.texts)]} ({self.label}, {number})"
        key = f"{self.label}-{number}"
        return (
            Reader(self.port, self.session)
            .send("/discussion/1/post/", text=text, idempotency_key=key, nudged="1")
            .status
        )

    def run(self, stop: threading.Event, sessions: list[str]) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            # Each comment by somebody else: one account does not post like this.
            self.session = sessions[(number * 7 + hash(self.label)) % len(sessions)]
            if self.post(number) == 302:
                self.done += 1
            else:
                self.failed += 1


def capacity(ports: dict[str, int], processes: dict[str, int], session: str) -> dict[str, tuple[float, float]]:
    """Return requests a second at most, by wrk, and milliseconds of processor for each; nothing without wrk."""
    if not shutil.which("wrk"):
        return {}
    paths = {"state": "/discussion/1/state/", "page": "/discussion/1/?embed=1"}
    tags = {kind: Reader(ports["server"]).ask(path).headers["etag"] for kind, path in paths.items()}
    found = {}
    for place, port in ports.items():
        for kind, path in paths.items():
            for what, header in (("304", f"If-None-Match: {tags[kind]}"), ("200", "Accept-Encoding: gzip")):
                found[f"{place}: {kind}, {what}"] = wrk(port, processes[place], path, header)
    cookie = f"Cookie: belowline_session={session}"
    found["server: page of somebody who is signed in"] = wrk(
        ports["server"], processes["server"], "/discussion/1/", cookie
    )
    return found


def wrk(port: int, process: int, path: str, header: str) -> tuple[float, float]:
    command = ["wrk", "-t1", "-c32", "-d2s", "-H", f"Host: {NAME}", "-H", header, f"http://127.0.0.1:{port}{path}"]
    before = processor_seconds(process)
    done = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = processor_seconds(process) - before
    if "Non-2xx" in done:
        raise SystemExit(f"errors under load:\n{done}")
    rate, count = re.search(r"Requests/sec:\s+([\d.]+)", done), re.search(r"(\d+) requests in", done)
    return (float(rate[1]), 1000 * used / max(1, int(count[1]))) if rate and count else (0.0, 0.0)


def expected(rate: float) -> float:
    """Return how often a second the server is asked for one address: once for each time that it runs out."""
    return rate / (1 + rate * FRESH)


def report(found: list[Step], busy: list[Step], bare: Step, fast: dict[str, tuple[float, float]]) -> None:
    """Print tables as docs/explanation/scale.md has them."""
    where = f"{os.cpu_count()} cores for all of it, load {os.getloadavg()[0]:.0f}, Python {platform.python_version()}"
    print(f"\n{datetime.now(UTC):%Y-%m-%d}, {where};")
    print(f"s-maxage={FRESH}, stale-while-revalidate={STALE}; each reader polls every {POLL_SECONDS} s\n")
    heads = ("readers", "posts/s", "requests/s", "answered by nginx", "server/s: state, page, way in", "expected")
    print(f"| {' | '.join((*heads, 'median, p99', 'cores of the server', 'errors'))} |")
    print("|---" * 9 + "|")
    for one in (*found, *busy, bare):
        print(row(one, is_bare=one is bare))
    print("\n| answer | bytes over the wire |\n|---|---|")
    for name, size in found[-1].sizes.items():
        print(f"| {name} | {size:,.0f} |")
    if fast:
        print("\n| at most, 32 connections | requests a second | ms of processor for each |\n|---|---|---|")
        for name, (rate, cost) in fast.items():
            print(f"| {name} | {rate:,.0f} | {cost:.3f} |")


def row(one: Step, *, is_bare: bool) -> str:
    origin = ", ".join(f"{one.origin.get(kind, 0):.1f}" for kind in ("state", "page", "embed"))
    polls, arrivals = one.readers / POLL_SECONDS, one.readers / STAY_SECONDS
    wanted = ", ".join(f"{expected(rate):.1f}" for rate in (polls, arrivals + RELOADS * polls, arrivals))
    return (
        f"| {one.readers:,}{' without nginx' if is_bare else ''} | {one.posts:.1f} | {one.asked:,.0f} "
        f"| {'' if is_bare or not one.readers else f'{100 * one.hits:.2f} %'} | {origin} | {'' if is_bare else wanted} "
        f"| {one.median_ms:.1f} ms, {one.p99_ms:.0f} ms | {one.cores:.2f} | {one.errors} |"
    )


if __name__ == "__main__":
    main()
