"""`make bench-bulk`: how fast many comments are judged, and in how much memory.

One process, two, and two actors of Ray judge the same file, one after another, in several rounds, so that a busy
machine slows all alike: the ratios of the medians are what to look at. Starting is counted: a command begins when it is
called and ends when its output is whole. The outputs are compared byte for byte. Then the peak of the memory of all
processes together is measured, with an input and with one of ten times its size.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import bulk_kill
from figures import write_figures

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {
    "PYTHONPATH": str(ROOT / "src"),
    "OPENBLAS_NUM_THREADS": "1",
    "RAY_worker_niceness": "0",  # 15 by default: Ray's actors would yield to whatever else runs, and ours would not
}
ENVIRONMENT.pop("RAY_ADDRESS", None)
RUNS = {
    "1 process": ("--processes", "1"),
    "2 processes": ("--processes", "2"),
    "Ray, 2 actors": ("--on", "ray", "--processes", "2"),
}
WORDS = (
    "the bridge council money people ferry who pays never vote government is a of and to harbour road school tax idiot "
    "stupid nobody asked us about this before they closed it again last year while traffic through town doubled"
)
STORIES, PARAGRAPHS = 50, 10
SAMPLE_S = 0.1
"""Between two looks at the memory."""
RESULTS = Path(__file__).parent / "bulk.json"


def main() -> None:
    """Run everything and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comments", type=int, default=2_000, help="comments of a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory-comments", type=int, default=1_000, help="comments of the smaller input")
    parser.add_argument("--kill", type=int, metavar="COMMENTS", help="instead, score so many; kill an actor halfway")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("BELOWLINE_DATA", "../shared/data")))
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table between its marks on this page")
    given = parser.parse_args()
    if given.kill:
        runs = bulk_kill.compare(given.kill, given.data, command, ENVIRONMENT)
        bulk_kill.report(runs, given.kill, given.write)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = speeds(folder, given.comments, given.rounds) | memory(folder, given.memory_comments)
    report(found, given)


def write_comments(path: Path, count: int) -> Path:
    """Write comments of invented words, 30 on average, under stories of 600 words; half of them answer another."""
    source, words = random.Random(11), WORDS.split()
    bodies = ["\n".join(" ".join(source.choices(words, k=60)) for _ in range(PARAGRAPHS)) for _ in range(STORIES)]
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            story = number * STORIES // count
            row = {
                "id": number,
                "text": " ".join(source.choices(words, k=source.randint(5, 55))),
                "story": {"title": f"Harbour bridge {story} closed", "body": bodies[story]},
            }
            if number % 2:
                row["parent"] = " ".join(source.choices(words, k=20))
            stream.write(json.dumps(row) + "\n")
    return path


def speeds(folder: Path, count: int, rounds: int) -> dict[str, float]:
    """Return comments a second for each of RUNS, and what they cost: the medians of the rounds."""
    path = write_comments(folder / "comments.jsonl", count)
    times: dict[str, list[float]] = {name: [] for name in RUNS}
    cpu: dict[str, list[float]] = {name: [] for name in RUNS}
    outputs: set[bytes] = set()
    for turn in range(rounds):
        for name, options in RUNS.items():
            output = folder / f"{turn}-{name}.jsonl"
            began = time.perf_counter()
            cpu[name].append(run(command("judge", *options, "--out", output, path)))
            times[name].append(time.perf_counter() - began)
            outputs.add(output.read_bytes())
    if len(outputs) != 1:
        sys.exit("the outputs differ")
    found = {f"{name}, comments a second": count / statistics.median(taken) for name, taken in times.items()}
    local = [name for name in RUNS if not name.startswith("Ray")]  # Ray's processes are not children of the command
    return found | {f"{name}, CPU ms a comment": 1_000 * statistics.median(cpu[name]) / count for name in local}


def run(words: Sequence[str]) -> float:
    """Run a command to its end; return the CPU seconds of it and of the processes that it waited for."""
    with subprocess.Popen(words, env=ENVIRONMENT) as running:
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        sys.exit(f"{' '.join(words)} ended with {running.returncode}")
    return used.ru_utime + used.ru_stime


def command(verb: str, *words: str | Path) -> list[str]:
    """Return a command line of ours."""
    return [sys.executable, "-m", "belowline", verb, *map(str, words)]


def memory(folder: Path, count: int) -> dict[str, float]:
    """Return the peak memory of all processes together, in MB, for two sizes of the input."""
    found = {}
    for factor in (1, 10):
        path = write_comments(folder / f"memory-{factor}.jsonl", count * factor)
        for processes in (1, 2):
            options = ("--processes", processes, "--out", folder / f"memory-{factor}-{processes}.jsonl", path)
            name = f"{processes} process{'es' * (processes > 1)}, peak memory at {count * factor:,} comments, MB"
            found[name] = peak(command("judge", *map(str, options)))
    return found


def peak(words: Sequence[str]) -> float:
    """Run a command; return the most that it and its processes held together: their proportional set sizes, in MB."""
    most = 0.0
    with subprocess.Popen(words, env=ENVIRONMENT) as running:
        while running.poll() is None:
            most = max(most, sum(map(held, family(running.pid))))
            time.sleep(SAMPLE_S)
    if running.returncode:
        sys.exit(f"{' '.join(words)} ended with {running.returncode}")
    return most


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        children = []
    return [pid, *map(int, children)]


def held(pid: int) -> float:
    """Return the proportional set size of a process in MB: what several share is counted once among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) * 1024 / 1e6


def report(found: dict[str, float], given: argparse.Namespace) -> None:
    """Print the figures, and keep them beside this file."""
    for name, value in found.items():
        print(f"{name:60} {value:10.1f}")
    one = found["1 process, comments a second"]
    ratios = {name: found[f"{name}, comments a second"] / one for name in RUNS}
    for name, ratio in ratios.items():
        print(f"{name + ', of one process':60} {ratio:10.2f}")
    kept = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": os.getloadavg(),
        "comments": given.comments,
        "rounds": given.rounds,
        "figures": found,
        "ratios": ratios,
    }
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    if given.write:
        write_figures(given.write, "make bench-bulk", as_text(found, given))


def as_text(found: dict[str, float], given: argparse.Namespace) -> str:
    """Return the figures as they stand in the documentation."""
    rows = "\n".join(f"| {name} | {value:.1f} |" for name, value in found.items())
    options = f"--comments {given.comments} --rounds {given.rounds} --memory-comments {given.memory_comments}"
    return f"""`make bench-bulk ARGS="{options}"`, {datetime.now(UTC):%Y-%m-%d}, {platform.machine()},
{os.cpu_count()} cores, with other programs at work (load {os.getloadavg()[0]:.1f} at the end):

| `belowline judge` | |
|---|---|
{rows}"""


if __name__ == "__main__":
    main()
