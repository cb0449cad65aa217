"""Work in the background that answers wait for a moment: one errand for each key, however many ask for it."""

import os
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")


class Errands(Generic[T]):
    """A few threads, and what they do at the moment."""

    def __init__(self, name: str, threads: int, most_waiting: int) -> None:
        self.name = name
        self.threads = threads
        self.most_waiting = most_waiting
        self._lock = threading.Lock()
        self._begin_anew()

    def begin(self, key: Hashable, work: Callable[[], T]) -> Future[T] | None:
        """Return the errand with this key, begun now if none is under way; None while too many wait."""
        with self._lock:
            if self._process != os.getpid():
                self._begin_anew()
            if key in self._running:
                return self._running[key]
            if len(self._running) >= self.most_waiting:
                return None
            errand = self._running[key] = self._pool.submit(_work_alone, work)
        errand.add_done_callback(lambda _: self._forget(key, errand))
        return errand

    def _begin_anew(self) -> None:
        # A forked process has none of its parent's threads.
        self._process = os.getpid()
        self._running: dict[Hashable, Future[T]] = {}
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix=self.name)

    def _forget(self, key: Hashable, errand: Future[T]) -> None:
        with self._lock:
            if self._running.get(key) is errand:
                del self._running[key]


def finished(result: T) -> Future[T]:
    """Return an errand that is done already."""
    errand: Future[T] = Future()
    errand.set_result(result)
    return errand


def _work_alone(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connections.close_all()
