"""`make bench`: how fast pages are read and comments are judged, as ratios measured in one run.

Rounds are interleaved, so that a busy machine slows every contestant alike; medians are reported. Prints a table, and
writes tests/bench/results.json. Needs wrk (Debian: apt-get install wrk).
"""

import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
ROUNDS = 3
SECONDS = 5
COMMENTS = 200
JUDGED = 3_000


def main() -> None:
    """Run everything and report."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        rows = pages(Path(folder)) if shutil.which("wrk") else {}
    rows |= judging()
    report(rows)


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "BELOWLINE_DATA_DIR": str(folder),
        "BELOWLINE_SECRET_KEY": "bench",
        "BELOWLINE_LOG_LEVEL": "ERROR",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
    }


def prepare(folder: Path) -> None:
    """Fill a database with one story of 200 comments."""
    subprocess.run([sys.executable, str(HERE / "fill.py"), str(COMMENTS)], env=environment(folder), check=True)


def pages(folder: Path) -> dict[str, list[float]]:
    """Measure requests a second: the server alone, the cached page, 304, and the page made anew each time."""
    contestants = {
        "server alone: fixed bytes of the same size": ("floor", {}),
        "thread page of 200, cached": ("belowline", {}),
        "thread page of 200, cached, gzip": ("belowline", {"Accept-Encoding": "gzip"}),
        "thread page of 200, not modified (304)": ("belowline", {"If-None-Match": "ETAG"}),
        "thread page of 200, made anew each time": ("uncached", {}),
    }
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, (target, headers) in contestants.items():
            with server(folder, target) as address:
                found[name].append(load(address, headers))
    return found


@contextmanager
def server(folder: Path, target: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(HERE / "server.py"), target, str(port)]
    process = subprocess.Popen(command, env=environment(folder))
    address = f"http://127.0.0.1:{port}/discussion/1/"
    try:
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def load(address: str, headers: dict[str, str]) -> float:
    """Return wrk's requests a second; anything but 2xx and 3xx is an error."""
    etag = urllib.request.urlopen(address).headers.get("ETag", "")
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value.replace('ETAG', etag)}")]
    done = subprocess.run(
        ["wrk", "-t1", "-c16", "--timeout", "10s", f"-d{SECONDS}s", *given, address],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in done or "Socket errors" in done:
        raise SystemExit(f"errors under load:\n{done}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", done)
    return float(match[1]) if match else 0.0


def judging() -> dict[str, list[float]]:
    """Measure `belowline score` and `judge` on one core: comments a second, starting included and not."""
    lines = comment_lines(JUDGED)
    found: dict[str, list[float]] = {}
    for command in ("score", "judge"):
        empty = [timed(command, b"") for _ in range(ROUNDS)]
        full = [timed(command, lines) for _ in range(ROUNDS)]
        start = statistics.median(empty)
        found[f"belowline {command}, one core, {JUDGED:,} comments"] = [JUDGED / (took - start) for took in full]
        found[f"belowline {command}, seconds to start"] = empty
    return found


def timed(command: str, lines: bytes) -> float:
    pinned = ["taskset", "-c", "0"] if shutil.which("taskset") else []
    started = time.perf_counter()
    subprocess.run(
        [*pinned, sys.executable, "-m", "belowline", command],
        input=lines,
        stdout=subprocess.DEVNULL,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    return time.perf_counter() - started


def comment_lines(count: int) -> bytes:
    """Return JSON lines: the sample comments, each under a story, repeated with a number so that none is a repeat."""
    gold = (HERE.parent / "gold" / "seed_comments.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in gold]
    story = {
        "title": "Envoy arrives for talks about a truce",
        "body": "\n".join(f"The talks about a truce went on for day {day}." for day in range(20)),
    }
    rows = [{"id": str(i), "text": f"{texts[i % len(texts)]} ({i})", "story": story} for i in range(count)]
    return "\n".join(json.dumps(row) for row in rows).encode()


def report(rows: dict[str, list[float]]) -> None:
    """Print a table with ratios to the server alone, and keep the figures."""
    floor = statistics.median(rows.get("server alone: fixed bytes of the same size", [0.0]))
    print(f"\n{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, values in rows.items():
        middle = statistics.median(values)
        ratio = f"{middle / floor:6.2f} of the server alone" if floor and "page" in name else ""
        print(f"{name:55} {middle:10,.2f}  {ratio}")
    if not floor:
        print("wrk is missing: install it (apt-get install wrk) to measure pages.")
    kept = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "cores": os.cpu_count(), "rows": rows}
    (HERE / "results.json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
