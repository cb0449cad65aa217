"""The same over a Ray cluster: Ray Data hands pieces of the input to actors that have loaded the models.

An actor reads its piece by itself, so the input does not travel through Ray. One that is killed is started anew by Ray,
and its pieces are answered again; what comes back is checked by its number, so nothing is lost or there twice.
"""

import logging
import os
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Any, NamedTuple

import msgspec

from belowline.bulk.errors import WorkerError
from belowline.bulk.files import needed
from belowline.bulk.index import Piece, read_piece
from belowline.bulk.job import AnswerLine, Job, answer_chunk
from belowline.bulk.lines import Answered, Chunk
from belowline.bulk.parts import Folder, Written, write_part
from belowline.engine.errors import BelowlineError

PIECE_LINES = 256
"""Lines that travel back together where one file is written: a second or two of an actor's work."""
STORE_BYTES = 256 << 20
"""Ray's store of objects on this machine, where it is started here: answers pass through it."""
REACH_S = 10.0
"""How long a cluster may take to answer at its address."""
MOST_TRIES = 6
"""So often a piece is tried whose actor ends over it; Ray itself would try for ever."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class Cluster(NamedTuple):
    """Where the actors run, and how many."""

    address: str | None
    """Of a cluster that runs already; None: one is started on this machine, and ended with the command."""
    actors: int | None = None
    """Each has a core; None: as many as the cluster has cores."""


class Task(NamedTuple):
    """What every actor needs to know."""

    job: Job
    probe: str
    """What the first process computes, to the last bit."""
    folder: Folder | None = None
    """Where parts are written; None: answers travel back."""


class Tries:
    """An actor that knows how often each piece was begun: whoever began it may not be there any more."""

    def __init__(self) -> None:
        self._begun: Counter[int] = Counter()

    def begin(self, piece: int) -> int:
        """Count one more try; return how many there were."""
        self._begun[piece] += 1
        return self._begun[piece]


class RemoteTries:
    """Asks the one that counts, from any machine of the cluster."""

    def __init__(self, ray: Any) -> None:
        self._counter = ray.remote(num_cpus=0)(Tries).remote()

    def __call__(self, piece: int) -> int:
        """Count one more try of a piece; return how many there were."""
        import ray

        tries: int = ray.get(self._counter.begin.remote(piece))
        return tries


class Answerer:
    """What an actor of Ray Data does: it loads the models once, and answers pieces."""

    def __init__(self, task: Task, begin: Callable[[int], int]) -> None:
        """Load what the task needs; `begin` counts how often a piece was tried."""
        self._task, self._begin = task, begin
        self._answer: AnswerLine | None = None
        self._problem = ""
        try:
            opened = task.job.open()
            self._answer = opened.answer
            self._problem = self._difference(opened.probe())
        except BelowlineError as error:
            # An error raised here would have the actor started again and again.
            self._problem = error.message

    def _difference(self, found: str) -> str:
        if found == self._task.probe:
            return ""
        return (
            f"{os.uname().nodename} computes other numbers than the machine that the command was started on (another "
            "processor, or other versions of packages); use machines of one kind, so that scores do not depend on them"
        )

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Answer the pieces of a batch; a problem comes back as a word on it."""
        found = [self._answered(msgspec.json.decode(one, type=Piece)) for one in batch["piece"].tolist()]
        return {name: [getattr(one, name) for one in found] for name in Row._fields}

    def _answered(self, piece: Piece) -> "Row":
        if self._problem or self._answer is None:
            return Row(piece.number, self._problem)
        if self._begin(piece.number) > MOST_TRIES:
            where = f"lines {piece.first:,} and following of the input ({piece.path})"
            return Row(piece.number, f"{MOST_TRIES} actors ended over {where}: are they killed for want of memory?")
        try:
            chunk = Chunk(piece.number, list(read_piece(piece)))
            answered = answer_chunk(chunk, self._answer)
            if len(answered.parts) != piece.lines:
                return Row(piece.number, f"{piece.path} has changed since the command was started")
            if self._task.folder is not None:
                write_part(self._task.folder, piece, answered)
                return Row(piece.number, "", answered.bad)
        except (OSError, BelowlineError) as error:
            return Row(piece.number, f"{os.uname().nodename}: {error}")
        return Row(piece.number, "", answered.bad, b"\n".join(answered.parts), msgspec.json.encode(answered.lines))


class Row(NamedTuple):
    """What an actor says of a piece, as a row of Ray Data."""

    number: int
    problem: str
    bad: int = 0
    answers: bytes = b""
    """One line of output for each line, where answers travel back."""
    lines: bytes = b""
    """The numbers of the lines, as JSON."""


def answers_of(task: Task, pieces: Sequence[Piece], cluster: Cluster) -> Iterator[Answered]:
    """Yield the answers to pieces, in their order.

    Raises:
        WorkerError: an actor cannot do its work; the message says why.
        MissingPackageError: Ray is not installed.
    """
    for piece, row in zip(pieces, _rows(task, pieces, cluster), strict=True):
        parts = row["answers"].split(b"\n")
        yield Answered(piece.number, msgspec.json.decode(row["lines"]), parts, row["bad"])


def write_parts(task: Task, pieces: Sequence[Piece], cluster: Cluster) -> Iterator[Written]:
    """Have each piece written as a part, and yield what was written, in order; raises as `answers_of`."""
    for piece, row in zip(pieces, _rows(task, pieces, cluster), strict=True):
        yield Written(piece.first, piece.lines, row["bad"])


def _rows(task: Task, pieces: Sequence[Piece], cluster: Cluster) -> Iterator[dict[str, Any]]:
    with connected(cluster) as ray:
        given = [{"piece": msgspec.json.encode(piece)} for piece in pieces]
        ray.data.DataContext.get_current().execution_options.preserve_order = True
        rows = ray.data.from_items(given, override_num_blocks=len(given)).map_batches(
            Answerer,
            fn_constructor_args=(task, RemoteTries(ray)),
            batch_size=1,
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(size=min(actors_of(ray, cluster), len(given))),
        )
        for piece, row in zip(pieces, rows.iter_rows(), strict=True):
            if row["problem"]:
                raise WorkerError(row["problem"])
            if row["number"] != piece.number:
                raise WorkerError(f"Ray returned piece {row['number']} in place of {piece.number}")
            yield row


def actors_of(ray: Any, cluster: Cluster) -> int:
    """Return how many actors there shall be."""
    return cluster.actors or max(1, int(ray.cluster_resources().get("CPU", 1)))


@contextmanager
def connected(cluster: Cluster) -> Iterator[Any]:
    """Connect to the cluster, or start one on this machine; leave it at the end.

    Raises:
        MissingPackageError: Ray is not installed.
        WorkerError: there is no cluster at the address.
    """
    logging.getLogger("ray").setLevel(logging.ERROR)
    ray = needed("ray", "--on ray")
    needed("ray.data", "--on ray")
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    options["runtime_env"] = {"env_vars": ONE_THREAD}
    if cluster.address is None:
        options |= {"num_cpus": cluster.actors, "include_dashboard": False, "object_store_memory": STORE_BYTES}
    else:
        check_reachable(cluster.address)
        options["address"] = cluster.address
    try:
        ray.init(**options)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise WorkerError(f"no Ray cluster can be used at {cluster.address or 'this machine'}: {error}") from error
    quieten(ray)
    try:
        with redirect_stdout(
            sys.stderr
        ):  # Ray prints what happens to its processes, and standard output is for answers
            yield ray
    finally:
        ray.shutdown()


def check_reachable(address: str) -> None:
    """Refuse an address where nobody answers: Ray itself would try for minutes.

    Raises:
        WorkerError: the message says what an address looks like.
    """
    if address in {"auto", "local"}:
        return
    host, _, port = address.rpartition(":")
    if "://" in address or not host or not port.isdigit():
        raise WorkerError(f"{address} is no address of a cluster; give that of its head, such as head:6379")
    try:
        socket.create_connection((host, int(port)), REACH_S).close()
    except OSError as error:
        raise WorkerError(f"no Ray cluster answers at {address} ({error.strerror or error})") from error


def quieten(ray: Any) -> None:
    """Leave standard error to this command: Ray Data's own bars and reports would stand among its lines."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
