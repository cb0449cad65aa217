"""The real command with the real models, beside and on a Ray of two cores on this machine."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
ENVIRONMENT = os.environ | {
    "PYTHONPATH": str(SOURCE),
    "PYTHONUTF8": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAY_worker_niceness": "0",  # 15 by default: on a busy machine, the tests would never end
}
ENVIRONMENT.pop("RAY_ADDRESS", None)
WORDS = [
    "the",
    "bridge",
    "council",
    "money",
    "people",
    "idiot",
    "ferry",
    "who",
    "pays",
    "never",
    "vote",
    "government",
    "is",
    "a",
    "of",
    "and",
    "to",
    "stupid",
    "harbour",
]
TIMEOUT_S = 300


def comment(number, source):
    """A comment of invented words under one of three stories; every 23rd is no JSON, every 29th blank."""
    if number % 23 == 7:
        return "no json"
    if number % 29 == 11:
        return ""
    found = {"id": number, "text": " ".join(source.choices(WORDS, k=source.randint(4, 50)))}
    if number % 3:
        body = "\n".join(" ".join(WORDS[at:]) for at in range(number % 5))
        found |= {"story": {"title": f"The harbour bridge {number % 5}", "body": body}, "parent": "Who pays for it?"}
    return json.dumps(found)


@pytest.fixture(scope="session")
def comments(tmp_path_factory):
    """A file of 300 comments."""
    source = random.Random(4)
    path = tmp_path_factory.mktemp("in") / "comments.jsonl"
    path.write_text("\n".join(comment(number, source) for number in range(300)), "utf-8")
    return path


@pytest.fixture(scope="session")
def start():
    """Start a command as a process."""
    return lambda *words, **options: subprocess.Popen(
        [sys.executable, "-m", "belowline", *map(str, words)],
        env=ENVIRONMENT,
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.fixture(scope="session")
def command(start):
    """Run a command to its end."""

    def call(*words):
        with start(*words) as running:
            out, errors = running.communicate(timeout=TIMEOUT_S)
        return subprocess.CompletedProcess(words, running.returncode, out, errors.decode())

    return call


@pytest.fixture(scope="session")
def scored(command, comments):
    """What one process makes of the comments."""
    done = command("score", "--processes", 1, comments)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 291
    return done.stdout
