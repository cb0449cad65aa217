"""`make bench-bulk ARGS="--kill 200000"`: many comments scored by two processes, and by Ray, where an actor is killed.

The comments are those of Wikipedia's talk pages in BELOWLINE_DATA (`wikiconv_cat`), which have about the natural rate
of abuse, again and again until there are enough; they have no story, so the abuse cascade is what costs. One actor is
killed (SIGKILL) when half of the output is there. The outputs are compared byte for byte. Starting is counted, and so
is reading the models again after the kill. A machine with other work slows one run more than the other: therefore the
CPU time of all processes of a run is given beside the seconds that passed.
"""

import hashlib
import itertools
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from figures import write_figures

ACTOR = b"ray::MapWorker(MapBatches(Answerer))"
LOOK_S = 0.5
"""Between two looks at the processes and at the output."""
MOST_LETTERS = 2_000
"""Longer comments are left out, as in `make bench-abuse`."""
TICKS = os.sysconf("SC_CLK_TCK")


class Run(NamedTuple):
    """What one run took."""

    name: str
    comments: int
    seconds: float
    cpu: float
    """Seconds, of all its processes."""
    digest: str
    """SHA-256 of its output."""
    actors: int
    """How many processes of actors of Ray there were one after another; 0 without Ray."""
    load: float
    """The machine's mean load of a minute, as it was at the end."""

    @property
    def rate(self) -> float:
        """Comments a second."""
        return self.comments / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a comment."""
        return 1_000 * self.cpu / self.comments


def compare(count: int, data: Path, command: Callable[..., list[str]], environment: dict[str, str]) -> list[Run]:
    """Score a tenth of the comments by one process, and all by two and by Ray; the outputs of both must be the same."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, all_of_them = write_talk(folder / "few.jsonl", count // 10, data), folder / "all.jsonl"
        write_talk(all_of_them, count, data)

        def scored(what: str, path: Path, lines: int, options: Sequence[str], kill_at: int | None = None) -> Run:
            output = folder / f"{what}.jsonl"
            words = command("score", *options, "--out", output, path)
            found = watched(words, environment, output, lines, kill_at)
            print(f"{found.name}: {found.rate:.0f}/s, {found.cpu_ms:.2f} CPU ms, sha256 {found.digest}", flush=True)
            return found

        one = scored("1 process", few, count // 10, ("--processes", "1"))
        two = scored("2 processes", all_of_them, count, ("--processes", "2"))
        half = (folder / "2 processes.jsonl").stat().st_size // 2
        ray = scored("Ray, 2 actors, one killed", all_of_them, count, ("--on", "ray", "--processes", "2"), half)
    if ray.digest != two.digest:
        sys.exit("the outputs differ")
    return [one, two, ray]


def write_talk(path: Path, count: int, data: Path) -> Path:
    """Write so many comments of talk pages, with their numbers."""
    from belowline.lab.datasets import read_source

    texts = [row.text for row in read_source(data, "wikiconv_cat") if len(row.text) <= MOST_LETTERS]
    with path.open("w", encoding="utf-8") as stream:
        for number, text in zip(range(count), itertools.cycle(texts), strict=False):
            stream.write(json.dumps({"id": number, "text": text}) + "\n")
    return path


def watched(
    words: Sequence[str], environment: dict[str, str], output: Path, lines: int, kill_at: int | None = None
) -> Run:
    """Run a command to its end; kill one of its actors when its output has so many bytes."""
    cpu: dict[int, float] = {}
    seen: set[int] = set()
    killed = 0
    began = time.perf_counter()
    with subprocess.Popen(words, env=environment) as running:
        while running.poll() is None:
            family = descendants(running.pid)
            cpu |= {pid: used for pid in family if (used := cpu_seconds(pid))}
            actors = [pid for pid in family if is_actor(pid)]
            seen |= set(actors)
            if kill_at is not None and not killed and actors and size_of(output) >= kill_at:
                killed = actors[0]
                os.kill(killed, signal.SIGKILL)
                print(f"killed an actor at {size_of(output):,} bytes of output", flush=True)
            time.sleep(LOOK_S)
    seconds = time.perf_counter() - began
    if running.returncode:
        sys.exit(f"{' '.join(words)} ended with {running.returncode}")
    if kill_at is not None and not (killed and seen - {killed}):
        sys.exit("no actor could be killed")
    content = output.read_bytes()
    if content.count(b"\n") != lines or b'"error":' in content:
        sys.exit(f"{output.stem} did not score {lines:,} comments")
    return Run(
        output.stem,
        lines,
        seconds,
        sum(cpu.values()),
        hashlib.sha256(content).hexdigest(),
        len(seen),
        os.getloadavg()[0],
    )


def descendants(pid: int) -> list[int]:
    """Return a process, its children, and theirs."""
    found, open_ones = [], [pid]
    while open_ones:
        one = open_ones.pop()
        found.append(one)
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                open_ones += map(int, path.read_text("ascii").split())
            except OSError:
                continue
    return found


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process, in seconds; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def is_actor(pid: int) -> bool:
    """Say whether a process is one of Ray's actors that judge."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(ACTOR)
    except OSError:
        return False


def size_of(path: Path) -> int:
    """Return the size of a file in bytes; 0 where it is not there yet."""
    return path.stat().st_size if path.exists() else 0


def report(runs: list[Run], count: int, write: Path | None) -> None:
    """Print a table, and write it into a page."""
    two, ray = runs[1], runs[2]
    asked = f'make bench-bulk ARGS="--kill {count}"'
    text = f"""`{asked}`, {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores:

| | comments | comments a second | CPU ms a comment | load of the machine | SHA-256 of the output |
|---|---|---|---|---|---|
{"".join(map(row, runs))}
Ray's output has the same bytes. {ray.actors} processes were actors: one of two was killed halfway, and replaced.
Ray's throughput is {ray.rate / two.rate:.2f} of the local one, its CPU time {ray.cpu_ms / two.cpu_ms:.2f}."""
    print(text)
    if write:
        write_figures(write, asked, text)


def row(run: Run) -> str:
    """Return a line of the table."""
    return (
        f"| {run.name} | {run.comments:,} | {run.rate:.0f} | {run.cpu_ms:.2f} | {run.load:.1f} "
        f"| `{run.digest[:16]}…` |\n"
    )
