"""Has every line of an input answered: in this process, by several, or over a Ray cluster; the output is the same."""

import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from belowline.bulk.errors import InputError
from belowline.bulk.files import File, find_files, lines_of, total_size
from belowline.bulk.index import Index, Piece, read_index
from belowline.bulk.job import Job, Opened, answer_chunk
from belowline.bulk.lines import Answered, Line, cut_chunks, read_lines
from belowline.bulk.machine import usable_cores
from belowline.cli.line_job import LineJob, describe
from belowline.cli.progress import counted
from belowline.engine.errors import BelowlineError

if TYPE_CHECKING:
    from belowline.bulk.checkpoint import Checkpoint
    from belowline.bulk.cluster import Cluster

EXIT_BAD_LINE = 1
EXIT_INTERRUPTED = 130
"""What a shell reports for a program that Ctrl-C ended: 128 + SIGINT."""
EXIT_BROKEN_PIPE = 141
"""What a shell reports for a program that a closed pipe ended: 128 + SIGPIPE."""
SMALL_BYTES = 128 * 1024
"""Up to this size, one process is done before several have begun."""
BAD = b'{"line":'
"""How a line of output begins that is an error (`ErrorOut`)."""
WORDS = {"score": "Scoring", "judge": "Judging"}


class Choice(NamedTuple):
    """The options of a command: where the work is done, and where the answers go."""

    out: str | None = None
    resume: bool = False
    processes: int | None = None
    runner: Literal["local", "ray"] = "local"
    address: str | None = None

    @property
    def is_parquet(self) -> bool:
        """Whether the answers are rows, not lines."""
        return self.out is not None and self.out.rstrip("/").endswith((".parquet", ".pq"))

    @property
    def cluster(self) -> "Cluster":
        """Where the actors run."""
        from belowline.bulk.cluster import Cluster

        # Ray reports to its makers how it is used, unless this says no.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        return Cluster(self.address or os.environ.get("RAY_ADDRESS"), self.processes)


class Work(NamedTuple):
    """A command that has loaded what it needs."""

    job: LineJob
    opened: Opened
    facts: dict[str, str]
    """What the answers depend on beside the input, as far as it is known without a probe."""
    scores: tuple[str, ...]
    """The columns of scores for Parquet; none where a policy judges."""

    @property
    def what(self) -> str:
        """The word for the progress display."""
        return WORDS[self.job.command]


def answer_all(
    command: Literal["score", "judge"], policy: Path | None, head: Path | None, name: str, choice: Choice
) -> None:
    """Answer every line of the input called `name`; exit with 1 at the end when a line was bad."""
    from belowline.cli.loading import start_errors

    check_choice(name, choice)
    one_thread()
    with start_errors():
        work = load(command, policy, head)
        files = [] if name == "-" else find_files(name)
    with run_errors():
        bad = _on_ray(work, files, choice) if choice.runner == "ray" else _here(work, files, choice)
    if bad:
        raise SystemExit(EXIT_BAD_LINE)


def check_choice(name: str, choice: Choice) -> None:
    """Refuse options that do not go together.

    Raises:
        UsageError: the message says what to do.
    """
    from belowline.bulk.parts import is_folder

    if choice.out is not None and name == "-":
        raise click.UsageError(
            "--out needs a FILE to read; what comes in on standard input goes out on standard output"
        )
    if choice.resume and choice.out is None:
        raise click.UsageError("--resume needs --out: the file to continue")
    if choice.address and choice.runner != "ray":
        raise click.UsageError("--address goes with --on ray")
    if choice.runner == "ray" and name == "-":
        raise click.UsageError("--on ray needs a FILE that every machine of the cluster can read")
    if choice.out is None:
        return
    if is_folder(choice.out):
        if choice.runner != "ray":
            raise click.UsageError(f"{choice.out} is a folder; name a file, or add --on ray, which writes parts")
        return
    if not Path(choice.out).absolute().parent.is_dir():
        raise click.UsageError(f"there is no folder {Path(choice.out).parent} to write into; make it first")
    if choice.is_parquet and choice.resume:
        raise click.UsageError(
            "a Parquet file cannot be continued; write JSON lines, or with --on ray a folder of parts"
        )


def one_thread() -> None:
    """Have linear algebra compute in one thread, where it is not loaded yet: more would be in the way of processes."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def load(command: Literal["score", "judge"], policy: Path | None, head: Path | None) -> Work:
    """Load the engine; raises StartError where something is wrong."""
    from belowline.cli.loading import load_engine, unhurried

    engine = unhurried(load_engine(policy, head))
    job = LineJob(command, policy.read_text("utf-8") if policy else None, head.read_bytes() if head else None)
    scores = tuple(name for signal in engine.signals for name in signal.scores) if command == "score" else ()
    return Work(job, job.opened_with(engine), describe(job, engine), scores)


@contextmanager
def run_errors() -> Iterator[None]:
    """End quietly when nobody reads any longer, and with a sentence when the disk is full or work cannot be done."""
    try:
        yield
    except BrokenPipeError:
        _abandon_output()
        raise SystemExit(EXIT_BROKEN_PIPE) from None
    except OSError as error:
        _abandon_output()
        raise click.ClickException(f"reading or writing failed: {error.strerror or error}") from error
    except BelowlineError as error:
        raise click.ClickException(error.message) from error


def _abandon_output() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not fail once more."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def _here(work: Work, files: Sequence[File], choice: Choice) -> int:
    """Answer by processes of this machine; return how many lines were bad."""
    processes = choice.processes or default_processes(files)

    def answers(lines: Iterable[Line]) -> Iterator[Answered]:
        return local_answers(work.job, work.opened, lines, processes)

    if choice.out is None:
        return to_stdout(answers(_input_lines(files)), work.what)
    index = index_of(files)
    if choice.is_parquet:
        return to_parquet(answers(lines_of(files)), work, Path(choice.out), index)
    return to_lines_file(work, choice, index, lambda done: answers(islice(lines_of(files), done, None)))


def _on_ray(work: Work, files: Sequence[File], choice: Choice) -> int:
    """Answer on a Ray cluster; return how many lines were bad."""
    from belowline.bulk.cluster import PIECE_LINES, Task, answers_of
    from belowline.bulk.parts import is_folder

    if choice.out and is_folder(choice.out):
        return to_folder(work, files, choice)
    index = index_of(files, PIECE_LINES)
    task = Task(work.job, work.opened.probe())

    def answers(done: int) -> Iterator[Answered]:
        pieces, rest = after(index.pieces, done)
        return without_first(answers_of(task, pieces, choice.cluster), rest)

    if choice.out is None:
        return to_stdout(answers(0), work.what, index.lines)
    if choice.is_parquet:
        return to_parquet(answers(0), work, Path(choice.out), index)
    return to_lines_file(work, choice, index, answers)


def default_processes(files: Sequence[File]) -> int:
    """Return how many processes answer an input: standard input and small files need only one."""
    return usable_cores() if total_size(files) > SMALL_BYTES else 1


def local_answers(job: Job, opened: Opened, lines: Iterable[Line], processes: int) -> Iterator[Answered]:
    """Answer lines in this process, or by several."""
    from belowline.bulk.pool import Pool

    if processes == 1:
        return (answer_chunk(chunk, opened.answer) for chunk in cut_chunks(lines, most_lines=1))
    return Pool(job, processes, opened).answers(cut_chunks(lines))


def _input_lines(files: Sequence[File]) -> Iterator[Line]:
    if files:
        return lines_of(files)
    source = sys.stdin.buffer
    if source.isatty():
        click.echo("Reading JSON lines from the terminal; end with Ctrl-D.", err=True)
    return read_lines(source)


def index_of(files: Sequence[File], piece_lines: int = 1_000) -> Index:
    """Read the input once, to know what it is and how long; shown on a terminal."""
    with counted("Reading", total_size(files), unit="bytes") as advance:
        return read_index(files, piece_lines, advance)


def after(pieces: Sequence[Piece], done: int) -> tuple[Sequence[Piece], int]:
    """Return the pieces that hold more than the first `done` answers, and how many answers of the first are done."""
    for place, piece in enumerate(pieces):
        if done < piece.lines:
            return pieces[place:], done
        done -= piece.lines
    return (), 0


def without_first(answers: Iterator[Answered], rest: int) -> Iterator[Answered]:
    """Yield answers without the first `rest` lines, which all stand in the first of them."""
    for answered in answers:
        if not rest:
            yield answered
            continue
        bad = sum(part.startswith(BAD) for part in answered.parts[rest:])
        yield Answered(answered.number, answered.lines[rest:], answered.parts[rest:], bad)
        rest = 0


def pour(answers: Iterator[Answered], write: Callable[[Answered], None], advance: Callable[[int], None]) -> int:
    """Write all answers; return how many were bad. What answers is ended, whatever happens."""
    bad = 0
    try:
        for answered in answers:
            write(answered)
            bad += answered.bad
            advance(len(answered.parts))
    finally:
        if isinstance(answers, Generator):
            answers.close()
    return bad


def to_stdout(answers: Iterator[Answered], what: str, total: int | None = None) -> int:
    """Write answers on standard output; return how many were bad."""
    target = sys.stdout.buffer
    is_watched = target.isatty()

    def write(answered: Answered) -> None:
        target.write(b"\n".join((*answered.parts, b"")))
        if is_watched:
            target.flush()

    with nullcontext(_ignore) if is_watched else counted(what, total) as advance:
        bad = pour(answers, write, advance)
        target.flush()
    return bad


def _ignore(_more: int) -> None:
    """Show nothing: the answers themselves stand on the terminal."""


def to_parquet(answers: Iterator[Answered], work: Work, output: Path, index: Index) -> int:
    """Write answers as a Parquet file, which appears when it is whole; return how many were bad."""
    from belowline.bulk.checkpoint import refuse_existing
    from belowline.bulk.tables import ParquetFile

    refuse_existing(output)
    with closing(ParquetFile(output, work.scores)) as file, counted(work.what, index.lines, is_logged=True) as advance:
        bad = pour(answers, file.write, advance)
        file.save()
    return bad


def to_lines_file(work: Work, choice: Choice, index: Index, answers: Callable[[int], Iterator[Answered]]) -> int:
    """Write answers into a file that can be continued; return how many of all its lines are bad.

    `answers` returns those that follow on the first so many.
    """
    from belowline.bulk.checkpoint import LinesFile, read_checkpoint, refuse_existing

    output = Path(choice.out or "")
    if not choice.resume:
        refuse_existing(output)
    begun = read_checkpoint(output, checkpoint_of(work, index)) if choice.resume else checkpoint_of(work, index)
    if begun.is_complete:
        click.echo(f"{output} is complete: {begun.lines:,} lines", err=True)
        return begun.bad
    with closing(LinesFile(output, begun)) as file:
        file.save()
        try:
            with counted(work.what, index.lines, begun=begun.lines, is_logged=True) as advance:
                pour(answers(begun.lines), file.write, advance)
        except KeyboardInterrupt:
            file.save()
            click.echo(f"Stopped after {begun.lines:,} of {index.lines:,} lines; --resume continues.", err=True)
            raise SystemExit(EXIT_INTERRUPTED) from None
        if begun.lines != index.lines:
            raise InputError(
                f"the input has changed meanwhile: it had {index.lines:,} lines, {begun.lines:,} were read"
            )
        file.save(is_complete=True)
    return begun.bad


def checkpoint_of(work: Work, index: Index, **more: str) -> "Checkpoint":
    """Return the checkpoint of an output that has nothing yet."""
    from belowline.bulk.checkpoint import Checkpoint

    return Checkpoint(job=work.facts | {"arithmetic of the machine": work.opened.probe()} | more, input=index.digest)


def to_folder(work: Work, files: Sequence[File], choice: Choice) -> int:
    """Have the machines of a cluster write parts into a folder; return how many of all lines are bad."""
    from belowline.bulk.cluster import Task, write_parts
    from belowline.bulk.parts import Folder, begin_folder, missing, part_lines

    name = choice.out or ""
    folder = Folder(name if "://" in name else str(Path(name).absolute()), choice.is_parquet, work.scores)
    index = index_of(files, part_lines(total_size(files)))
    checkpoint = checkpoint_of(work, index, format=folder.ending)
    there = begin_folder(folder, checkpoint, may_continue=choice.resume)
    wanted = missing(index.pieces, there)
    bad, done = sum(one.bad for one in there), index.lines - sum(piece.lines for piece in wanted)
    task = Task(work.job, checkpoint.job["arithmetic of the machine"], folder)
    with counted(work.what, index.lines, begun=done, is_logged=True) as advance:
        for written in write_parts(task, wanted, choice.cluster):
            bad += written.bad
            advance(written.lines)
    return bad
