"""`make bench-desk`: what a decision costs on the desk, and how fast a scripted moderator clears what waits.

Fills a database with 1,000,000 comments and 10,000 that wait (or takes the one that --data names), serves it as
`belowline serve` does, and measures:

- the server's time for a decision, and for the next card, as a browser's script asks for them;
- a moderator by keyboard alone in Chromium, 500 decisions one by one: decisions an hour, keystrokes, and how long the
  next card lets itself be waited for;
- the same 500 as a Coral-style queue has them: two keys each (decide, go on), and a page for each;
- and by bands, where a range of one score is decided at once.

    python tests/bench/desk.py --write docs/reference/desk-speed.md

Prints a Markdown table. Ends with 1 where a bound is broken.
"""

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import requests
from desk_moderator import Work, by_bands, one_by_one, page_by_page, signed_in
from figures import write_figures
from page_load import CHROMIUM
from page_servers import free_port, running
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
EMAIL, PASSWORD = "desk@bench.example", "bench-password"
MAX_P95_MS = 60
LEAST_FEWER_KEYS = 3
CORAL_KEYS = 2
HEAD = (
    "| a scripted moderator, by keyboard | decisions | keys | keys a decision | decisions an hour | "
    "wait for the next card, median / p95 |"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


class Times(NamedTuple):
    """What the server took, in milliseconds."""

    decide: list[float]
    card: list[float]
    both: list[float]


def main() -> int:
    """Measure, report, and say whether every bound holds."""
    asked = arguments()
    with ExitStack() as stack:
        folder = asked.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment = settings(folder)
        if asked.fill or not ((folder / "belowline.sqlite3").exists() or "DATABASE_URL" in os.environ):
            fill(environment, asked.comments, asked.waiting)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        command = [sys.executable, str(HERE / "server.py"), "belowline", str(port)]
        stack.enter_context(running(command, environment, f"{address}/healthz", folder / "log"))
        times = ask_server(address, asked.decisions)
        works = clear(address, asked)
    text = report(times, works, asked)
    print(text)
    if asked.write:
        write_figures(asked.write, "make bench-desk", text)
    bounds = broken(times, works)
    for line in bounds:
        print(f"BROKEN: {line}")
    return int(bool(bounds))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comments", type=int, default=1_000_000, help="published ones in the database")
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--decisions", type=int, default=500, help="how many are measured in each way")
    parser.add_argument("--data", type=Path, help="a folder that was filled before, or that is kept afterwards")
    parser.add_argument("--fill", action="store_true", help="fill the empty database that DATABASE_URL names first")
    parser.add_argument("--write", type=Path, help="page of the documentation whose figures are replaced")
    parser.add_argument("--chromium", default=CHROMIUM)
    parser.add_argument("--without-browser", action="store_true", help="only the server's times")
    return parser.parse_args()


def settings(folder: Path) -> dict[str, str]:
    """Return the server's environment."""
    folder.mkdir(parents=True, exist_ok=True)
    return {"BELOWLINE_DATA_DIR": str(folder), "BELOWLINE_SECRET_KEY": "bench" * 10, "BELOWLINE_LOG_LEVEL": "ERROR"}


def fill(environment: dict[str, str], *counts: int) -> None:
    """Fill the database in a process of its own: with comments, waiting ones, and under how many stories."""
    began = time.perf_counter()
    command = [sys.executable, str(HERE / "desk_fill.py"), *map(str, counts)]
    subprocess.run(command, env=os.environ | environment, check=True)
    print(f"filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def ask_server(address: str, count: int) -> Times:
    """Decide as the page's script does, one after the other; return what each step took."""
    times = Times([], [], [])
    with requests.Session() as client:
        sign_in(client, address)
        card = client.get(f"{address}/desk/card/", timeout=60).text
        for number in range(count + 20):
            comment = re.search(r'data-card="(\d+)"', card)[1]
            began = time.perf_counter()
            answer = client.post(
                f"{address}/desk/comments/{comment}/decide/",
                data={
                    "outcome": "publish" if number % 2 else "reject:personal_abuse",
                    "last_seen": re.search(r'name="last_seen" value="(\d+)"', card)[1],
                    "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', card)[1],
                },
                headers={"Accept": "application/json"},
                timeout=60,
            )
            middle = time.perf_counter()
            card = client.get(f"{address}/desk/card/", timeout=60).text
            ended = time.perf_counter()
            assert answer.status_code == 200, answer.text
            if number >= 20:  # the first ones warm the server up
                times.decide.append(1_000 * (middle - began))
                times.card.append(1_000 * (ended - middle))
                times.both.append(1_000 * (ended - began))
    return times


def sign_in(client: requests.Session, address: str, email: str = EMAIL) -> None:
    """Sign in by password: the moderator, or somebody else."""
    page = client.get(f"{address}/accounts/login/", timeout=60).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    answer = client.post(
        f"{address}/accounts/login/",
        data={"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token},
        timeout=60,
        allow_redirects=False,
    )
    assert answer.status_code == 302, answer.status_code


def clear(address: str, asked: argparse.Namespace) -> list[Work]:
    """Let a scripted moderator work in a browser, in each way."""
    if asked.without_browser:
        return []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        page = signed_in(browser, address, EMAIL, PASSWORD)
        works = [
            one_by_one(page, address, asked.decisions, reading_ms=0),
            one_by_one(page, address, min(asked.decisions, 100), reading_ms=400),
            page_by_page(page, address, min(asked.decisions, 100)),
            by_bands(page, address, asked.decisions),
        ]
        browser.close()
    return [work for work in works if work]


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def broken(times: Times, works: list[Work]) -> list[str]:
    """Say which bounds do not hold."""
    found = []
    if (value := p95(times.decide)) > MAX_P95_MS:
        found.append(f"a decision takes {value:.0f} ms of the server (p95), above {MAX_P95_MS}")
    rates = [work.keys / work.decided for work in works if work.is_measured]
    if rates and LEAST_FEWER_KEYS * statistics.mean(rates) > CORAL_KEYS:
        found.append(
            f"{statistics.mean(rates):.2f} keys a decision: not {LEAST_FEWER_KEYS} times fewer than {CORAL_KEYS}"
        )
    return found


def report(times: Times, works: list[Work], asked: argparse.Namespace) -> str:
    """Return the figures as Markdown."""
    database = "PostgreSQL" if "postgres" in os.environ.get("DATABASE_URL", "") else "SQLite"
    load = os.getloadavg()[1]
    machine = f"{os.cpu_count()} cores (load average {load:.0f}), Python {platform.python_version()}, {database}"
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with {machine}.",
        f"In the database: {asked.comments:,} published comments, and {asked.waiting:,} that wait.",
        "",
        "| the server's time, in ms | median | p95 | p99 |",
        "|---|---|---|---|",
    ]
    for name, values in (
        ("a decision (`POST`)", times.decide),
        ("the next card (`GET`)", times.card),
        ("both", times.both),
    ):
        p99 = statistics.quantiles(values, n=100)[-1]
        lines.append(f"| {name} | {statistics.median(values):.1f} | {p95(values):.1f} | {p99:.1f} |")
    if works:
        lines += ["", HEAD, "|---|---|---|---|---|---|"]
    for work in works:
        waits = f"{statistics.median(work.waits_ms):.0f} / {p95(work.waits_ms):.0f} ms" if work.waits_ms else "–"
        lines.append(
            f"| {work.name} | {work.decided:,} | {work.keys:,} | {work.keys / work.decided:.2f} | "
            f"{3_600 * work.decided / work.seconds:,.0f} | {waits} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
