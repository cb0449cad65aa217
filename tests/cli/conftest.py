"""Commands in this process with a small engine, and as processes of their own."""

import contextlib
import importlib.util
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from belowline.cli import loading, main

FAKE_MAIN = Path(__file__).with_name("fake_main.py")
SOURCE = Path(loading.__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"}
TIMEOUT_S = 120


@pytest.fixture(scope="session")
def fake_engine():
    """A function like load_engine that gives an engine of small signals."""
    spec = importlib.util.spec_from_file_location("belowline_fake_main", FAKE_MAIN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load_engine


@pytest.fixture
def run(monkeypatch, fake_engine):
    """Run a command in this process: arguments and input lines in, result with `.rows` out."""
    monkeypatch.setattr(loading, "load_engine", fake_engine)

    def call(*arguments, lines=(), raw=None):
        text = raw if raw is not None else "".join(line_of(line) for line in lines).encode()
        result = CliRunner().invoke(main, [str(one) for one in arguments], input=text)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        if {"score", "judge"} & set(arguments):
            result.rows = [json.loads(line) for line in result.stdout.splitlines()]
        return result

    return call


def line_of(line):
    """One line of input; a string goes in as it is."""
    return (line if isinstance(line, str) else json.dumps(line)) + "\n"


@pytest.fixture
def command():
    """The command line of a process: with the small engine, or the real one with real=True."""

    def build(*arguments, real=False):
        start = ["-m", "belowline"] if real else [str(FAKE_MAIN)]
        return [sys.executable, *start, *map(str, arguments)]

    return build


@pytest.fixture
def process(command):
    """Run a command as a process of its own, to its end."""

    def call(*arguments, real=False, **options):
        return subprocess.run(
            command(*arguments, real=real),
            env=ENVIRONMENT,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
            **options,
        )

    return call


@pytest.fixture
def start(command):
    """Start a command as a process of its own; it is ended with the test."""
    started = []

    def call(*arguments, **options):
        begun = subprocess.Popen(command(*arguments), env=ENVIRONMENT, **options)
        started.append(begun)
        return begun

    yield call
    for begun in started:
        begun.kill()
        begun.wait()
        for stream in (begun.stdin, begun.stdout, begun.stderr):
            if stream:
                stream.close()


@pytest.fixture
def on_terminal(start):
    """Run a command with stdout (or the named stream) on a terminal; return what the terminal showed."""

    def call(*arguments, stream="stdout", given=b"", **others):
        leader, follower = pty.openpty()
        begun = start(*arguments, stdin=subprocess.PIPE, **({stream: follower} | others))
        os.close(follower)
        begun.stdin.write(given)
        begun.stdin.close()
        shown = b""
        # Linux answers EIO once the last writer has closed the terminal.
        with contextlib.suppress(OSError):
            while part := os.read(leader, 4096):
                shown += part
        os.close(leader)
        begun.wait(TIMEOUT_S)
        return shown.decode()

    return call


@pytest.fixture
def belowline(environment, tmp_path):
    """Run a command of Belowline as a process, with the `environment` of the module."""

    def call(*arguments, **changes):
        return subprocess.run(
            [sys.executable, "-m", "belowline", *map(str, arguments)],
            env=environment | changes,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call
