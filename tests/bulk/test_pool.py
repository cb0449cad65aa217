"""Several processes: the order, the bounds, and what happens when one of them ends."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from belowline.bulk.errors import WorkerError
from belowline.bulk.lines import cut_chunks
from belowline.bulk.pool import WINDOW, Pool

POOL_MAIN = Path(__file__).with_name("pool_main.py")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these tests fork")


def numbered(contents):
    return list(enumerate(contents, 1))


def answers(pool, contents, most_lines=4):
    found = list(pool.answers(cut_chunks(numbered(contents), most_lines)))
    assert [one.number for one in found] == list(range(len(found)))
    assert [number for one in found for number in one.lines] == list(range(1, len(contents) + 1))
    return [part for one in found for part in one.parts], sum(one.bad for one in found)


def expected(contents):
    return [b"%d %s" % (number, raw or b"-") for number, raw in numbered(contents)]


@pytest.mark.parametrize("processes", [1, 3])
def test_the_answers_come_in_order_and_errors_are_counted(echo, processes):
    contents = [b"bad" if number % 5 == 0 else b"line" for number in range(57)]

    parts, bad = answers(Pool(echo, processes, echo.open()), contents)

    assert (parts, bad) == (expected(contents), 12)


def test_nothing_in_nothing_out(echo):
    assert answers(Pool(echo, 2, echo.open()), []) == ([], 0)


def test_the_chunk_of_a_killed_process_is_done_again(echo):
    contents = [b"line"] * 20
    contents[9] = b"unlucky"
    pool = Pool(echo, 2, echo.open())

    parts, bad = answers(pool, contents)

    assert (parts, bad, pool.replaced) == (expected(contents), 0, 1)


@pytest.mark.parametrize("places", [[0], [5], [5, 6], [19]])
def test_a_line_that_ends_every_process_is_given_up_and_no_other(echo, places):
    contents = [b"poison" if place in places else b"line" for place in range(20)]

    parts, bad = answers(Pool(echo, 2, echo.open()), contents)

    wanted = expected(contents)
    for place in places:
        wanted[place] = b"%d given up" % (place + 1)
    assert (parts, bad) == (wanted, len(places))


def test_a_process_killed_from_outside_is_replaced(echo):
    pool = Pool(echo, 2, echo.open())
    contents = [b"line"] * 400
    stream = pool.answers(cut_chunks(numbered(contents), 4))
    parts = list(next(stream).parts)
    os.kill(pool._workers[0].process.pid, signal.SIGKILL)
    for answered in stream:
        parts += answered.parts

    assert parts == expected(contents)
    assert pool.replaced == 1


def test_no_more_is_read_than_the_window_holds(echo):
    taken = 0

    def lines():
        nonlocal taken
        for taken in range(1, 1_001):
            yield taken, b"line"

    ahead = [
        taken - done for done, _ in enumerate(Pool(echo, 2, echo.open()).answers(cut_chunks(lines(), most_lines=1)))
    ]

    assert len(ahead) == 1_000
    assert max(ahead) <= WINDOW * 2 + 1


def test_whoever_stops_listening_ends_the_processes(echo):
    pool = Pool(echo, 2, echo.open())
    stream = pool.answers(cut_chunks(numbered([b"line"] * 100), 4))
    next(stream)
    assert multiprocessing.active_children()

    stream.close()

    assert [one for one in multiprocessing.active_children() if one.name == "belowline-bulk"] == []


def test_what_cannot_be_loaded_is_said(broken):
    with pytest.raises(WorkerError, match="the model is gone"):
        answers(Pool(broken(), 2), [b"line"])


def test_processes_that_end_at_once_are_not_started_for_ever(broken):
    with pytest.raises(WorkerError, match=r"exit code 7.*memory"):
        answers(Pool(broken(ends=True), 2), [b"line"])


def test_elsewhere_each_process_loads_by_itself():
    done = subprocess.run([sys.executable, POOL_MAIN, "spawn"], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (0, "0123456789"), done.stderr


def test_processes_end_with_the_one_that_started_them():
    with subprocess.Popen([sys.executable, POOL_MAIN, "wait"], stdout=subprocess.PIPE, text=True) as running:
        children = [int(word) for word in running.stdout.readline().split()]
        running.kill()
    deadline = time.monotonic() + 20
    while any(map(is_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert len(children) == 2
    assert not any(map(is_alive, children))


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
