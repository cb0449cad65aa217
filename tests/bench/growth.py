"""`make bench-growth`: whether a newsroom that has grown a hundredfold is as fast as it was.

Fills two databases, with 10,000 comments in 200 stories and with 1,000,000 in 20,000, serves both as `belowline serve`
does, and asks each in turn for the same: a discussion (another one every time, so that none is in a cache), the desk's
queue, searches of several kinds, and a comment to be judged and stored. The ratio of the 95th percentiles is what to
look at.

    python tests/bench/growth.py --write docs/reference/operations.md
    python tests/bench/growth.py --postgres postgres:///postgres --write docs/reference/operations.md

With --postgres two databases are made on that server, and dropped in the end; with --keep they stay, and are taken as
they are where they are there already. Prints a Markdown table, and ends with 1
where a 95th percentile is more than twice that of the smaller database.
"""

import argparse
import os
import platform
import random
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from figures import write_figures
from page_comments import sentences
from page_servers import free_port, running

from desk import HERE, fill, p95, settings, sign_in

MOST_GROWTH = 2
WARM_UP = 5
READER = "reader@bench.example"
UNLIMITED = {
    "BELOWLINE_SLOW_SECONDS": "0",
    "BELOWLINE_POSTS_PER_10_MINUTES": "1000000000",
    "BELOWLINE_LIMIT_POST": "1000000/m/address",
    "BELOWLINE_LIMIT_SEARCH": "1000000/m/account",
}
SEARCHES = {
    "search: one word": {"q": "parking"},
    "search: three words": {"q": "bridge council money"},
    "search: a phrase": {"q": '"of the"'},
    "search: an author": {"author": "Reader 77"},
    "search: words of an author": {"q": "council", "author": "Reader 77"},
    "search: a rule": {"rule": "personal_abuse", "status": "held"},
    "search: a score": {"score": "insult", "least": "80"},
}


class Size(NamedTuple):
    """How much is in a database."""

    comments: int
    waiting: int
    stories: int


SIZES = (Size(10_000, 1_000, 200), Size(1_000_000, 10_000, 20_000))


class Newsroom:
    """One of the two, asked by its moderator and by a reader."""

    def __init__(self, size: Size, address: str) -> None:
        self.size, self.address, self.count = size, address, 0
        self.draw, self.texts = random.Random(3), sentences()
        self.desk, self.reader = requests.Session(), requests.Session()
        sign_in(self.desk, address)
        sign_in(self.reader, address, READER)
        self.stories = self.draw.sample(range(1, size.stories + 1), size.stories)
        """The numbers of all stories, in an order of chance: the database was empty before them."""

    @property
    def story(self) -> str:
        """The address of a discussion that nobody has asked for yet."""
        return f"{self.address}/discussion/{self.stories.pop()}/"

    def read(self) -> float:
        """Return how long a discussion took that nobody reads just then, in ms."""
        return timed(lambda: requests.get(self.story, timeout=120))

    def queue(self) -> float:
        """Return how long the desk's first page took, in ms."""
        return timed(lambda: self.desk.get(f"{self.address}/desk/", timeout=120))

    def search(self, asked: dict[str, str]) -> float:
        """Return how long a search took, in ms."""
        return timed(lambda: self.desk.get(f"{self.address}/desk/search/", params=asked, timeout=120))

    def post(self) -> float:
        """Return how long a comment took to be judged, stored and answered, in ms."""
        story, self.count = self.story, self.count + 1
        page = self.reader.get(story, timeout=120).text
        form = {
            "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1],
            "idempotency_key": f"growth-{self.count}",
            "text": f"{' '.join(self.draw.sample(self.texts, 3))} ({self.count})",
            "nudged": "1",
        }
        return timed(lambda: self.reader.post(f"{story}post/", form, timeout=120))


def timed(ask: Callable[[], requests.Response]) -> float:
    """Return how long an answer took to come whole, in milliseconds."""
    began = time.perf_counter()
    answer = ask()
    took = 1_000 * (time.perf_counter() - began)
    assert answer.status_code == 200, (answer.url, answer.status_code, answer.text[:500])
    return took


def main() -> int:
    """Fill, serve, measure, report, and say whether every bound holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=90, help="of each kind, to each of the two; 95 at most")
    parser.add_argument("--data", type=Path, help="a folder whose SQLite databases were filled before, or are kept")
    parser.add_argument("--postgres", metavar="ADDRESS", help="a server on which two databases may be made")
    parser.add_argument("--keep", action="store_true", help="the databases on the server")
    parser.add_argument("--write", type=Path, help="page of the documentation whose figures are replaced")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = asked.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        newsrooms = [stack.enter_context(served(size, folder, asked.postgres, is_kept=asked.keep)) for size in SIZES]
        times = measure(newsrooms, asked.requests)
    database = "PostgreSQL" if asked.postgres else "SQLite"
    text = report(times, database, asked.requests)
    print(text)
    if asked.write:
        write_figures(asked.write, f"make bench-growth, {database}", text)
    return int(any(growth(found) > MOST_GROWTH for found in times.values()))


@contextmanager
def served(size: Size, folder: Path, server: str | None, *, is_kept: bool) -> Iterator[Newsroom]:
    """Fill a database of that size, if it is not there yet, and serve it."""
    own = folder / str(size.comments)
    environment = settings(own) | UNLIMITED
    with ExitStack() as stack:
        is_filled = (own / "belowline.sqlite3").exists()
        if server:
            name = f"growth_{size.comments}"
            environment["DATABASE_URL"], is_filled = stack.enter_context(database_on(server, name, is_kept=is_kept))
        if not is_filled:
            fill(environment, *size)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        command = [sys.executable, str(HERE / "server.py"), "belowline", str(port)]
        stack.enter_context(running(command, environment, f"{address}/healthz", own / "log"))
        yield Newsroom(size, address)


@contextmanager
def database_on(server: str, name: str, *, is_kept: bool) -> Iterator[tuple[str, bool]]:
    """Make an empty database on a PostgreSQL server, yield its address and whether it was there, and drop it."""
    import psycopg

    parts = urlsplit(server)
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        is_there = is_kept and found is not None
        if not is_there:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{parts.scheme}://{parts.netloc}/{name}", is_there
        finally:
            if not is_kept:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measure(newsrooms: list[Newsroom], count: int) -> dict[str, tuple[list[float], ...]]:
    """Ask both in turn for everything; return the milliseconds of each kind, of the smaller and of the larger one."""
    times: dict[str, tuple[list[float], ...]] = defaultdict(lambda: tuple([] for _ in newsrooms))
    for turn in range(count + WARM_UP):
        for number, newsroom in enumerate(newsrooms):
            took = {"a discussion": newsroom.read(), "the desk’s queue": newsroom.queue()}
            took |= {name: newsroom.search(wanted) for name, wanted in SEARCHES.items()}
            took["a post, judged"] = newsroom.post()
            for name, value in took.items():
                if turn >= WARM_UP:
                    times[name][number].append(value)
    return times


def growth(found: tuple[list[float], ...]) -> float:
    """Return how many times the larger one's 95th percentile is that of the smaller."""
    small, large = map(p95, found)
    return large / small


def report(times: dict[str, tuple[list[float], ...]], database: str, count: int) -> str:
    """Return the figures as Markdown."""
    small, large = SIZES
    lines = [
        (
            f"Measured on {datetime.now(UTC):%Y-%m-%d} with {os.cpu_count()} cores (load average "
            f"{os.getloadavg()[1]:.0f}), "
            f"Python {platform.python_version()}, {database}; {count} requests of each kind to each, in turn."
        ),
        "",
        (
            f"| ms, median / p95 | {small.comments:,} comments, {small.stories:,} stories, {small.waiting:,} waiting | "
            f"{large.comments:,}, {large.stories:,}, {large.waiting:,} | p95, times |"
        ),
        "|---|---:|---:|---:|",
    ]
    for name, found in times.items():
        cells = (f"{statistics.median(values):.0f} / {p95(values):.0f}" for values in found)
        lines.append(f"| {name} | {' | '.join(cells)} | {growth(found):.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
