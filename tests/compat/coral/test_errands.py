"""Errands: one for each key at a time, a bounded number, and nothing remembered once they are done."""

import os
import threading

import pytest

from belowline.compat.coral.errands import Errands, finished


@pytest.fixture
def gate():
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def errands():
    made = Errands("test", threads=2, most_waiting=3)
    yield made
    made._pool.shutdown(wait=True)


def test_the_same_errand_is_begun_once(errands, gate):
    begun = [errands.begin("key", lambda: gate.wait(10)) for _ in range(10)]
    gate.set()

    assert len(set(map(id, begun))) == 1
    assert begun[0].result(10) is True


def test_a_later_one_begins_anew(errands, until):
    assert errands.begin("key", lambda: 1).result(10) == 1
    until(lambda: not errands._running)
    assert errands.begin("key", lambda: 2).result(10) == 2


def test_one_that_fails_is_forgotten_too(errands, until):
    begun = errands.begin("key", lambda: 1 / 0)

    assert isinstance(begun.exception(10), ZeroDivisionError)
    until(lambda: not errands._running)


def test_too_many_are_refused(errands, gate):
    begun = [errands.begin(key, lambda: gate.wait(10)) for key in "abcd"]

    assert [one is None for one in begun] == [False, False, False, True]
    assert errands.begin("a", lambda: None) is begun[0]


def test_a_forked_process_has_threads_of_its_own(errands, gate, monkeypatch):
    """A fork keeps the memory and none of the threads: what its parent was at would never end."""
    left = errands.begin("key", lambda: gate.wait(10))
    before = errands._pool
    monkeypatch.setattr(os, "getpid", lambda: -1)

    assert errands.begin("key", lambda: "done").result(10) == "done"
    assert errands._pool is not before
    gate.set()
    assert left.result(10) is True
    before.shutdown(wait=True)


def test_one_that_is_done_already():
    assert finished(3).done()
    assert finished(3).result() == 3
