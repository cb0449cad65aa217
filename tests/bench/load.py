"""`make bench-load`: reading and posting beside other comment systems, in one run, on one machine.

The other systems, their data and the load come from a folder that is not part of this repository (`--bench`): a module
`adapters` with a class for each server and a module `bench` that seeds, runs and measures them. Here Belowline is added
to them twice: as `belowline serve` runs it, and without any cache, so that each page is made anew. Needs wrk.

    python tests/bench/load.py --bench FOLDER --rounds 3 --secs 5 --write docs/reference/operations.md

The environment variable PEERS_RUN names the folder in which the others are installed, as that folder's README says;
whoever is not there is left out. Posting is measured as readers do it: a form with session and token, answered by a
redirection when the comment is judged and on the disk. After the posts the database is asked how many there are: at
least as many as were answered, and those that were under way when the load ended.
"""

import argparse
import importlib
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from figures import write_figures

HEAD = (
    "| server | thread of 100, a second | first page | counts of 20 stories | posts "
    "| post p50 / p99, ms, 16 at once | memory after reads / posts, MiB | cold start, s | stored / answered |"
)


def main() -> None:
    """Seed, run and report."""
    asked = arguments()
    run = Path(os.environ.setdefault("PEERS_RUN", tempfile.mkdtemp(prefix="belowline-load-")))
    os.environ.setdefault("BENCH_LOGS", str(run / "logs"))
    sys.path.insert(0, str(asked.bench))
    adapters, bench, ours = map(importlib.import_module, ("adapters", "bench", "load_ours"))
    servers = [one for one in adapters.PEERS if is_there(one)] + [ours.Belowline(), ours.Uncached()]
    if asked.names:
        servers = [one for one in servers if one.name in asked.names]
    print("measured:", ", ".join(one.name for one in servers), file=sys.stderr)
    bench.cmd_seed(servers)
    results = run / "results.jsonl"
    results.unlink(missing_ok=True)
    bench.cmd_run(servers, asked.rounds, asked.secs, str(results))
    text = report([json.loads(line) for line in results.read_text("utf-8").splitlines()], servers)
    print(text)
    if asked.write:
        write_figures(asked.write, "make bench-load", text)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True, help="folder with adapters.py and bench.py")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--secs", type=int, default=5, help="seconds of each phase")
    parser.add_argument("--write", type=Path, help="page of the documentation whose figures are replaced")
    parser.add_argument("names", nargs="*", help="only these servers")
    return parser.parse_args()


def is_there(peer: Any) -> bool:
    """Say whether the program of a peer is installed."""
    return Path(peer.dir).is_dir() and shutil.which(peer.argv()[0]) is not None


def report(rows: list[dict[str, Any]], servers: list[Any]) -> str:
    """Return the table: requests a second with 16 connections, medians of the rounds."""
    measured = (
        f"Measured on {datetime.now(UTC).date()} with {os.cpu_count()} cores, which servers and load share, Python "
        f"{platform.python_version()}; medians of {len({row['round'] for row in rows})} interleaved rounds."
    )
    lines = [
        measured,
        "",
        HEAD,
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for server in servers:
        own = [row for row in rows if row["peer"] == server.name]
        if own:
            lines.append(line(server, own))
    return "\n".join(lines)


def line(server: Any, rows: list[dict[str, Any]]) -> str:
    """Return a server's row."""

    def of(label: str, what: str) -> float | None:
        found = [one[what] for row in rows for one in row["phases"] if one["label"] == label and one["conns"] > 1]
        return statistics.median(found) if found else None

    def shown(value: float | None, digits: int = 0) -> str:
        return "-" if value is None else f"{value:,.{digits}f}"

    stored = [(row["stored"], row["posted"]) for row in rows if "stored" in row]
    kept = "-" if not stored else f"{sum(a for a, _ in stored):,} / {sum(b for _, b in stored):,}"
    memory = [statistics.median(row[key][1] for row in rows) for key in ("mem_reads", "mem_end")]
    return (
        f"| {server.title} | {shown(of('thread', 'rps'))} | {shown(of('page', 'rps'))} | {shown(of('counts', 'rps'))} "
        f"| {shown(of('post', 'rps'))} | {shown(of('post', 'p50'), 1)} / {shown(of('post', 'p99'), 1)} "
        f"| {memory[0]:,.0f} / {memory[1]:,.0f} | {statistics.median(row['cold'] for row in rows):.2f} | {kept} |"
    )


if __name__ == "__main__":
    main()
