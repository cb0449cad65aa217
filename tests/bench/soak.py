"""`make soak`: a day of a busy newsroom in twenty minutes; memory stays flat, no task is stuck, no comment is lost.

    python tests/bench/soak.py [--minutes 20] [--write docs/reference/operations.md]

Serves a newsroom as `belowline serve` does, on SQLite, or on PostgreSQL, if DATABASE_URL names a database, which must
be empty. A day's work is spread over the time: 12,000 comments, 2,400 recommendations and reports; 60,000
pages, half of them by readers who are signed in; 120,000 polls; a moderator who decides without pause for breath. Every
ten seconds each process's memory and open files, and the tasks that wait, are written down: all of it (PSS), and what
the process has for itself (Pss_Anon), without the files that it has mapped: the models, and SQLite's database, which
grows with the comments, and which the system may drop from memory when it likes.

Ends with 1 where a process's own memory grew by more than 5 % (medians: last quarter, second quarter), a task waits
or runs for longer than a minute, a task failed, an answer was an error of the server, or a comment that was answered is
not in the database exactly once.
"""

import argparse
import json
import os
import platform
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import requests
from figures import write_figures
from page_comments import sentences
from page_servers import free_port, running

HERE = Path(__file__).parent
DAY = {"post": 12_000, "page": 30_000, "own page": 30_000, "poll": 120_000, "counts": 6_000, "touch": 2_400}
"""How often each is done in a day; `touch` recommends or reports."""
MAX_GROWTH = 0.05
MAX_TASK_SECONDS = 60
SAMPLE_SECONDS = 10
INSULT = "You are a pathetic idiot and nobody wants to read this."
TASKS = "django_tasks_database_dbtaskresult"


class Sample(NamedTuple):
    """One look at the server."""

    at: float
    memory: dict[str, tuple[float, float]]
    """MiB by process: its own, and all of it."""
    files: int
    """Open files of all processes."""
    waiting_seconds: float
    """How long the oldest task has waited, or the longest has run."""


def main() -> int:
    """Soak, report, and say whether all held."""
    asked = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        environment = settings(folder, address)
        told = fill(environment)
        command = [sys.executable, "-m", "belowline", "serve", "--port", str(port), "--processes", "2"]
        stack.enter_context(running(command, environment, f"{address}/healthz", folder / "log"))
        database = Database(environment)
        before = database.comments()
        work = Work(address, told, asked.minutes * 60)
        samples = work.run(lambda at: look(at, database))
        left = drained(database)
        found = broken(samples, work, database, before, left)
        text = report(samples, work, database, before, asked.minutes)
    print(text)
    if asked.write:
        write_figures(asked.write, f"make soak, {database.kind}", text)
    for line in found:
        print(f"BROKEN: {line}")
    return int(bool(found))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20, help="at least 1")
    parser.add_argument("--write", type=Path, help="page of the documentation whose figures are replaced")
    return parser.parse_args()


def settings(folder: Path, address: str) -> dict[str, str]:
    """Return the server's environment: nobody is slowed down, for a day passes in minutes."""
    limits = ("POST", "PREVIEW", "RECOMMEND", "REPORT")
    return {
        "BELOWLINE_DATA_DIR": str(folder),
        "BELOWLINE_SECRET_KEY": "bench" * 10,
        "BELOWLINE_LOG_LEVEL": "ERROR",
        "BELOWLINE_BASE_URL": address,
        "BELOWLINE_SLOW_SECONDS": "0",
        "BELOWLINE_POSTS_PER_10_MINUTES": "1000000000",
        "BELOWLINE_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        **{f"BELOWLINE_LIMIT_{name}": "1000000/m/address" for name in limits},
        "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'belowline.sqlite3'}",
    }


def fill(environment: dict[str, str]) -> dict[str, Any]:
    """Fill the database in processes of its own; return whom the work is done by."""
    everything = os.environ | environment
    command = [sys.executable, "-m", "belowline", "migrate"]
    subprocess.run(command, env=everything, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, str(HERE / "soak_fill.py")]
    found: dict[str, Any] = json.loads(
        subprocess.run(command, env=everything, check=True, capture_output=True, text=True).stdout
    )
    return found


class Database:
    """Asks the newsroom's database, from outside."""

    def __init__(self, environment: dict[str, str]) -> None:
        os.environ |= environment | {"DJANGO_SETTINGS_MODULE": "belowline.config.settings"}
        import django

        django.setup()
        from django.db import connection

        self.connection = connection
        self.kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def comments(self) -> dict[str, str]:
        """Return the status of each comment by its idempotency key; raises AssertionError if a key is there twice."""
        rows = self.rows("SELECT idempotency_key, status FROM comments_comment WHERE idempotency_key != ''")
        found = dict(rows)
        assert len(found) == len(rows), "a key is there twice"
        return found

    def tasks(self) -> list[tuple[str, float]]:
        """Return the state of each unfinished task, and for how many seconds it has waited or run."""
        from django.utils import timezone
        from django_tasks_db.models import DBTaskResult

        now = timezone.now()
        unfinished = DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).values_list(
            "status", "run_after", "enqueued_at", "started_at"
        )
        return [
            (state, (now - (started if state == "RUNNING" and started else max(due, enqueued))).total_seconds())
            for state, due, enqueued, started in unfinished
            if state == "RUNNING" or due <= now
        ]

    def failed(self) -> int:
        """Return how many tasks failed."""
        return int(self.rows(f"SELECT count(*) FROM {TASKS} WHERE status = 'FAILED'")[0][0])  # noqa: S608 - a constant


class Work:
    """What readers and a moderator do, each kind in a thread of its own."""

    def __init__(self, address: str, told: dict[str, Any], seconds: float) -> None:
        self.address, self.told, self.seconds = address, told, seconds
        self.done: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.answered: list[str] = []
        self.late: Counter[str] = Counter()
        self.texts = sentences()
        self.stop = threading.Event()
        self.errors: list[str] = []

    def run(self, look: Callable[[float], Sample]) -> list[Sample]:
        """Work until the time is over; return the samples."""
        doers = {
            "post": self.post,
            "page": self.page,
            "own page": self.own_page,
            "poll": self.poll,
            "counts": self.counts,
            "touch": self.touch,
        }
        threads = [
            threading.Thread(target=self.keep, args=(kind, doers[kind], self.seconds / DAY[kind])) for kind in doers
        ]
        threads.append(threading.Thread(target=self.moderate))
        began = time.monotonic()
        for thread in threads:
            thread.start()
        samples = []
        while (at := time.monotonic() - began) < self.seconds:
            samples.append(look(at))
            self.stop.wait(min(SAMPLE_SECONDS, self.seconds - at))
        self.stop.set()
        for thread in threads:
            thread.join()
        return samples

    def keep(self, kind: str, do: Callable[[requests.Session, random.Random, int], None], every: float) -> None:
        """Do one thing again and again, at its pace; what cannot be kept up with is counted as left undone."""
        draw, began, number = random.Random(kind), time.monotonic(), 0
        with requests.Session() as client:
            while not self.stop.is_set():
                ahead = began + number * every - time.monotonic()
                if ahead > 0 and self.stop.wait(ahead):
                    return
                if ahead < -5:
                    skipped = int(-ahead / every)
                    self.late[kind] += skipped
                    number += skipped
                try:
                    do(client, draw, number)
                except requests.RequestException as error:
                    self.errors.append(f"{kind}: {type(error).__name__}")
                self.done[kind] += 1
                number += 1

    def ask(self, client: requests.Session, method: str, path: str, **more: Any) -> requests.Response:
        answer = client.request(method, f"{self.address}{path}", timeout=60, allow_redirects=False, **more)
        self.statuses[answer.status_code] += 1
        return answer

    def as_reader(self, draw: random.Random) -> tuple[dict[str, str], str]:
        reader = draw.choice(self.told["readers"])
        return {"Cookie": reader["cookies"]}, reader["token"]

    def story(self, draw: random.Random) -> int:
        return int(draw.choice(self.told["stories"]))

    def post(self, client: requests.Session, draw: random.Random, number: int) -> None:
        headers, token = self.as_reader(draw)
        text = " ".join(draw.sample(self.texts, draw.randint(1, 5)))
        if draw.random() < 0.05:
            text = f"{INSULT} {text}"
        key = f"soak-{number}"
        form = {"csrfmiddlewaretoken": token, "text": f"{text} ({number})", "idempotency_key": key, "nudged": "1"}
        answer = self.ask(client, "POST", f"/discussion/{self.story(draw)}/post/", data=form, headers=headers)
        if answer.status_code == 302:
            self.answered.append(key)

    def page(self, client: requests.Session, draw: random.Random, number: int) -> None:
        page = draw.choice(("", "", "", "?page=2", "?order=best", "?order=oldest"))
        self.ask(client, "GET", f"/discussion/{self.story(draw)}/{page}")

    def own_page(self, client: requests.Session, draw: random.Random, number: int) -> None:
        headers, _ = self.as_reader(draw)
        path = draw.choice((f"/discussion/{self.story(draw)}/", "/me/", "/me/notifications/"))
        self.ask(client, "GET", path, headers=headers)

    def poll(self, client: requests.Session, draw: random.Random, number: int) -> None:
        self.ask(client, "GET", f"/discussion/{self.story(draw)}/state/")

    def counts(self, client: requests.Session, draw: random.Random, number: int) -> None:
        self.ask(client, "GET", "/counts.json?site=bench&story=long&story=one&story=two&story=three")

    def touch(self, client: requests.Session, draw: random.Random, number: int) -> None:
        page = self.ask(client, "GET", f"/discussion/{self.story(draw)}/").text
        found = re.findall(r'id="c-(\d+)"', page)
        if not found:
            return
        comment, (headers, token) = draw.choice(found), self.as_reader(draw)
        form = {"csrfmiddlewaretoken": token}
        if draw.random() < 0.8:
            self.ask(client, "POST", f"/comments/{comment}/recommend/", data=form, headers=headers)
        else:
            form |= {"reason": "personal_abuse", "note": ""}
            self.ask(client, "POST", f"/comments/{comment}/report/", data=form, headers=headers)

    def moderate(self) -> None:
        """Decide about what waits, one after the other."""
        headers = {"Cookie": self.told["moderator"]["cookies"]}
        with requests.Session() as client:
            number = 0
            while not self.stop.wait(0.2):
                card = self.ask(client, "GET", "/desk/card/", headers=headers).text
                comment = re.search(r'data-card="(\d+)"', card)
                seen = re.search(r'name="last_seen" value="(\d+)"', card)
                if not (comment and seen):
                    continue
                form = {
                    "outcome": "publish" if number % 2 else "reject:personal_abuse",
                    "last_seen": seen[1],
                    "csrfmiddlewaretoken": self.told["moderator"]["token"],
                }
                path = f"/desk/comments/{comment[1]}/decide/"
                self.ask(client, "POST", path, data=form, headers=headers | {"Accept": "application/json"})
                self.done["decision"] += 1
                number += 1


def look(at: float, database: Database) -> Sample:
    """Read memory and open files of every process of the server, and how long tasks wait."""
    memory, files = {}, 0
    for pid, name in processes():
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
            files += len(list(Path(f"/proc/{pid}/fd").iterdir()))
        except OSError:
            continue
        own, whole = (int(re.search(rf"^{line}:\s+(\d+)", rollup, re.MULTILINE)[1]) for line in ("Pss_Anon", "Pss"))
        memory[name] = own / 1024, whole / 1024
    waits = [seconds for _, seconds in database.tasks()]
    return Sample(at, memory, files, max(waits, default=0.0))


def processes() -> list[tuple[int, str]]:
    """Return the server's processes: (pid, name)."""
    found, todo = [], [(child, "main") for child in children(os.getpid())]
    while todo:
        pid, name = todo.pop(0)
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if "belowline" not in command and name == "main":
            continue
        name = "worker" if "worker" in command else name
        found.append((pid, name))
        todo += [(child, f"web {number}") for number, child in enumerate(children(pid), 1)]
    return found


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text("ascii").split()]


def drained(database: Database) -> list[tuple[str, float]]:
    """Wait at most a minute until every task is done; return those that are not."""
    deadline = time.monotonic() + MAX_TASK_SECONDS
    while (left := database.tasks()) and time.monotonic() < deadline:
        time.sleep(1)
    return left


def growth(samples: list[Sample], kind: int = 0) -> dict[str, tuple[float, float]]:
    """Return for each process the medians of the second and of the last quarter, MiB: its own (0), or all of it (1)."""
    quarter = len(samples) // 4
    second, last = samples[quarter : 2 * quarter], samples[-quarter:]
    names = sorted(set.intersection(*(set(sample.memory) for sample in samples)))
    return {
        name: (
            statistics.median(sample.memory[name][kind] for sample in second),
            statistics.median(sample.memory[name][kind] for sample in last),
        )
        for name in names
    }


def broken(
    samples: list[Sample], work: Work, database: Database, before: dict[str, str], left: list[tuple[str, float]]
) -> list[str]:
    """Say what did not hold."""
    found = [
        f"{name} grew from {old:.0f} to {new:.0f} MiB"
        for name, (old, new) in growth(samples).items()
        if new > old * (1 + MAX_GROWTH)
    ]
    if left:
        found.append(f"{len(left)} tasks are not done a minute after the last request")
    if (longest := max(sample.waiting_seconds for sample in samples)) > MAX_TASK_SECONDS:
        found.append(f"a task waited or ran for {longest:.0f} s")
    if failed := database.failed():
        found.append(f"{failed} tasks failed")
    if errors := sum(count for status, count in work.statuses.items() if status >= 500):
        found.append(f"{errors} answers were errors of the server")
    if work.errors:
        found.append(f"{len(work.errors)} requests were not answered: {Counter(work.errors).most_common(3)}")
    after = database.comments()
    if missing := [key for key in (*before, *work.answered) if key not in after]:
        found.append(f"{len(missing)} comments are not there")
    return found


def report(samples: list[Sample], work: Work, database: Database, before: dict[str, str], minutes: float) -> str:
    """Return the figures as Markdown."""
    after = Counter(status for key, status in database.comments().items() if key not in before)
    done = ", ".join(f"{count:,} × {kind}" for kind, count in sorted(work.done.items()))
    late = ", ".join(f"{count:,} × {kind}" for kind, count in sorted(work.late.items())) or "nothing"
    measured = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {minutes:g} minutes, {os.cpu_count()} cores that server and load "
        f"share (load average {os.getloadavg()[2]:.0f}), Python {platform.python_version()}, {database.kind}."
    )
    stored = ", ".join(f"{count:,} {status}" for status, count in sorted(after.items()))
    answers = ", ".join(f"{count:,} × {status}" for status, count in sorted(work.statuses.items()))
    told = (
        f"Done: {done}. Left out, because the machine was behind: {late}. Comments that were answered: "
        f"{len(work.answered):,}; in the database: {stored}. Answers: {answers}. The oldest task waited "
        f"{max(sample.waiting_seconds for sample in samples):.0f} s; {database.failed()} failed."
    )
    lines = [
        measured,
        "",
        told,
        "",
        "| process | its own, MiB, in the second quarter | in the last | growth | with mapped files | in the last |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    whole = growth(samples, 1)
    for name, (old, new) in growth(samples).items():
        grown = f"{100 * (new / old - 1):+.1f} %"
        lines.append(f"| {name} | {old:.0f} | {new:.0f} | {grown} | {whole[name][0]:.0f} | {whole[name][1]:.0f} |")
    quarter = len(samples) // 4
    parts = samples[quarter : 2 * quarter], samples[-quarter:]
    old, new = (statistics.median(sample.files for sample in part) for part in parts)
    lines += ["", f"Open files of all processes: {old:.0f} in the second quarter, {new:.0f} in the last."]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
