"""Jobs that need no models, and files of lines."""

import os
import signal
from typing import NamedTuple

import pytest

from belowline.bulk.job import Opened
from belowline.engine.errors import ModelError


class Echo(NamedTuple):
    """Answers a line with its number and itself; some words make it end its process, or fail."""

    once: str = ""
    """A file that is there when the process was ended once: it is not ended again."""

    def open(self):
        return Opened(self.answer, lambda: "echo")

    def answer(self, number, raw):
        raw = raw and raw.strip()
        if raw == b"poison" or (raw == b"unlucky" and not self._was_here()):
            os.kill(os.getpid(), signal.SIGKILL)
        return b"%d %s" % (number, raw or b"-"), raw == b"bad"

    def _was_here(self):
        try:
            os.close(os.open(self.once, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return True
        return False

    def give_up(self, number, raw):
        return b"%d given up" % number, True


class Broken(NamedTuple):
    """Cannot be opened: it raises, or its process ends."""

    ends: bool = False

    def open(self):
        if self.ends:
            os._exit(7)
        raise ModelError("the model is gone; reinstall belowline")

    def give_up(self, number, raw):
        return b"", True


@pytest.fixture
def echo(tmp_path):
    return Echo(str(tmp_path / "once"))


@pytest.fixture
def broken():
    return Broken


@pytest.fixture
def write(tmp_path):
    """Write a file of the input, and return its path."""

    def call(content, name="in.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return call
