"""Processes of this machine that answer chunks: in order, in bounded memory, and without loss when one is killed.

On Linux they are forked from a process that has loaded the models, so that all share one copy of the weights and a
killed one is replaced at once. For that, this process computes nothing in other threads: graphs run on the thread that
calls them, the engine's own threads begin with the first text that it judges, which is never judged here, and progress
is shown without one. Elsewhere each process loads the models by itself.
"""

import gc
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from belowline.bulk.errors import WorkerError
from belowline.bulk.job import Job, Opened
from belowline.bulk.lines import Answered, Chunk
from belowline.engine.errors import BelowlineError

METHOD = "fork" if sys.platform == "linux" else "spawn"
WINDOW = 4
"""Chunks for each process that are read ahead of the one that is written next: that bounds the memory."""
MOST_FALSE_STARTS = 3
"""So many processes in a row may end before they are ready."""
MOST_DEATHS = 2
"""A line that was being answered when so many processes ended, read one by one, is given up."""
PATIENCE_S = 5.0
"""How long a process may take to end when it is told to."""

READY, AT, DONE, FAILED = "ready", "at", "done", "failed"
"""What a process says: it can begin; its place in the chunk, when careful; the chunk is done; why it cannot begin."""


class Task:
    """A chunk on its way, and what is known of the processes that it ended."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.is_careful = False
        """Whether each line is announced before it is answered: a process has ended over this chunk."""
        self.at = -1
        self.deaths: dict[int, int] = {}

    def blame(self) -> None:
        """Note that a process ended over this chunk."""
        if self.is_careful and self.at >= 0:
            self.deaths[self.at] = self.deaths.get(self.at, 0) + 1
        self.is_careful, self.at = True, -1

    @property
    def given_up(self) -> frozenset[int]:
        """The places of the lines that are not tried again."""
        return frozenset(place for place, deaths in self.deaths.items() if deaths >= MOST_DEATHS)


class Worker:
    """One process, the pipe to it, and the task that it has."""

    def __init__(self, process: BaseProcess, pipe: "Connection[Any, Any]") -> None:
        self.process, self.pipe = process, pipe
        self.is_ready = False
        self.task: Task | None = None

    def give(self, task: Task) -> None:
        """Hand a task over; a process that has just ended shows that when its pipe is read."""
        self.task = task
        with suppress(OSError):
            self.pipe.send((task.chunk, task.is_careful, task.given_up))


class Pool:
    """Answers chunks by several processes; `answers` may be called once."""

    def __init__(self, job: Job, processes: int, opened: Opened | None = None, method: str = METHOD) -> None:
        """Prepare; nothing is started yet. `opened`: what `job.open()` returned, for processes that are forked."""
        self._context = multiprocessing.get_context(method)
        self._is_forked = method == "fork"
        self._job = job
        self._open: Callable[[], Opened] = (lambda: opened) if opened and self._is_forked else job.open
        self._processes = processes
        self._workers: list[Worker] = []
        self._waiting: deque[Task] = deque()
        self._done: dict[int, Answered] = {}
        self._false_starts = 0
        self.replaced = 0
        """Processes that ended before their time and were replaced."""

    def answers(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        """Yield what came of each chunk, in order; at most WINDOW chunks for each process are held at a time.

        Raises:
            WorkerError: no process can be kept running, or none can load what it needs.
        """
        source, written, taken = iter(chunks), 0, 0
        try:
            while True:
                while taken - written < WINDOW * self._processes and (chunk := next(source, None)) is not None:
                    self._waiting.append(Task(chunk))
                    taken += 1
                    self._hand_out()
                if taken == written:
                    return
                while written not in self._done:
                    self._hand_out()
                    self._listen()
                while (answered := self._done.pop(written, None)) is not None:
                    written += 1
                    yield answered
        finally:
            self.close()

    def close(self) -> None:
        """End all processes; what they were at is dropped."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(PATIENCE_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.pipe.close()
        self._workers.clear()

    def _hand_out(self) -> None:
        """Give waiting tasks to processes that have none; start processes while there are more tasks than these."""
        for worker in self._workers:
            if self._waiting and worker.is_ready and worker.task is None:
                worker.give(self._waiting.popleft())
        starting = sum(not worker.is_ready for worker in self._workers)
        while len(self._workers) < self._processes and starting < len(self._waiting):
            self._start()
            starting += 1

    def _start(self) -> None:
        gc.collect()
        gc.freeze()  # what is there stays where it is: pages that nobody writes are shared
        ours, theirs = self._context.Pipe()
        others = [ours, *(worker.pipe for worker in self._workers)] if self._is_forked else []
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, others, self._open, self._job), name="belowline-bulk", daemon=True
        )
        process.start()
        theirs.close()
        self._workers.append(Worker(process, ours))

    def _listen(self) -> None:
        """Wait until a process says something, or ends, and note it."""
        by_pipe = {worker.pipe: worker for worker in self._workers}
        for pipe in wait(list(by_pipe)):
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                said, what = worker.pipe.recv()
            except (EOFError, OSError):
                self._bury(worker)
            else:
                self._note(worker, said, what)

    def _note(self, worker: Worker, said: str, what: Any) -> None:
        task = worker.task
        if said == READY:
            worker.is_ready, self._false_starts = True, 0
        elif said == FAILED:
            raise WorkerError(what)
        elif said == AT and task:
            task.at = what
        elif said == DONE and task:
            self._done[task.chunk.number] = what
            worker.task = None

    def _bury(self, worker: Worker) -> None:
        """Take a process that has ended out of the pool; its task is the next one to be handed out."""
        self._workers.remove(worker)
        worker.process.join()
        worker.pipe.close()
        self.replaced += 1
        if worker.task:
            worker.task.blame()
            self._waiting.appendleft(worker.task)
        if not worker.is_ready:
            self._false_starts += 1
        if self._false_starts >= MOST_FALSE_STARTS:
            raise WorkerError(
                f"processes end before they are ready (exit code {worker.process.exitcode}); "
                "is there memory enough? Fewer --processes need less"
            )


def _serve(
    pipe: "Connection[Any, Any]", others: "list[Connection[Any, Any]]", opener: Callable[[], Opened], job: Job
) -> None:
    """Answer chunks until the pipe closes: the whole life of a process of the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the first process ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in others:
        other.close()  # else nobody would notice when the first process ends
    try:
        answer = opener().answer
    except BelowlineError as error:
        pipe.send((FAILED, error.message))
        return
    with suppress(EOFError, OSError):
        pipe.send((READY, None))
        while True:
            chunk, is_careful, given_up = pipe.recv()
            parts, bad = [], 0
            for place, (number, raw) in enumerate(chunk.lines):
                if is_careful:
                    pipe.send((AT, place))
                part, is_bad = (job.give_up if place in given_up else answer)(number, raw)
                parts.append(part)
                bad += is_bad
            pipe.send((DONE, Answered(chunk.number, [number for number, _ in chunk.lines], parts, bad)))
