"""What `backtest` does with each comment of a history, so described that others beside this one can do it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from belowline.bulk.job import Opened
from belowline.bulk.lines import Answered, cut_chunks
from belowline.cli.history import Line, read_line
from belowline.engine.errors import BelowlineError
from belowline.engine.policy import Policy
from belowline.engine.rehearsal_scores import Given, Measured, Scorer

if TYPE_CHECKING:
    from belowline.bulk.cluster import Cluster
    from belowline.bulk.index import Piece

DIED = "the process that measured it was ended each time: killed, or out of memory"


class Out(msgspec.Struct):
    """What came of a line."""

    measured: Measured | None = None
    problem: str = ""


class MeasureJob(NamedTuple):
    """Two policies and a head; the models are the installed ones."""

    before: Policy
    after: Policy
    head: bytes | None = None

    def scorer(self) -> Scorer:
        """Return what measures; the models are loaded when a first comment needs them."""
        from belowline.cli import loading
        from belowline.engine.models.head import read_head

        head = read_head(self.head) if self.head else None
        return Scorer(self.before, self.after, lambda: loading.load_engine().with_head(head))

    def opened_with(self, scorer: Scorer) -> Opened:
        """Return what measures lines with a scorer that is there."""
        from belowline.bulk.machine import probe

        return Opened(lambda _number, raw: answer(scorer, raw), lambda: probe(scorer.engine))

    def open(self) -> Opened:
        """Return what measures lines."""
        return self.opened_with(self.scorer())

    def give_up(self, _number: int, _raw: bytes | None) -> tuple[bytes, bool]:
        """Return the word on a line that ended every process which tried it."""
        return msgspec.json.encode(Out(problem=DIED)), True


def answer(scorer: Scorer, raw: bytes | None) -> tuple[bytes, bool]:
    """Measure a line of a history, which is a right one; raises nothing."""
    try:
        found = Out(measure(scorer, read_line(raw)))
    except BelowlineError as error:
        found = Out(problem=error.message)
    return msgspec.json.encode(found), found.measured is None


def measure(scorer: Scorer, line: Line) -> Measured:
    """Return a comment's scores; those that the line brings are taken for ones of the old policy's.

    Raises:
        BelowlineError: it cannot be judged, or a model is missing or damaged.
    """
    given = Given(line.past.scores, scorer.policies[0].settings) if line.is_scored else None
    return scorer.measure(line.submission, given)


Numbered = tuple[int, Line]
Measure = Callable[[Iterable[Numbered]], Iterator[tuple[int, Line, Measured]]]
"""Measures lines of a history, in their order."""

_decode = msgspec.json.Decoder(Out).decode


def here(scorer: Scorer) -> Measure:
    """Return what measures in this process."""
    return lambda lines: ((number, line, measure(scorer, line)) for number, line in lines)


def by_processes(job: MeasureJob, scorer: Scorer, processes: int) -> Measure:
    """Return what measures by several processes of this machine."""
    from belowline.bulk.pool import Pool

    def measured(lines: Iterable[Numbered]) -> Iterator[tuple[int, Line, Measured]]:
        waiting: deque[Numbered] = deque()

        def raws() -> Iterator[tuple[int, bytes]]:
            for number, line in lines:
                waiting.append((number, line))
                yield number, line.raw

        yield from joined(Pool(job, processes, job.opened_with(scorer)).answers(cut_chunks(raws())), waiting.popleft)

    return measured


def on_ray(job: MeasureJob, pieces: "Sequence[Piece]", cluster: "Cluster") -> Measure:
    """Return what measures the pieces of a file on a Ray cluster; its lines must all be right ones."""
    from belowline.bulk.cluster import Task, answers_of

    def measured(lines: Iterable[Numbered]) -> Iterator[tuple[int, Line, Measured]]:
        source = iter(lines)
        task = Task(job, job.open().probe())
        yield from joined(answers_of(task, pieces, cluster), lambda: next(source))

    return measured


def joined(answers: Iterable[Answered], take: Callable[[], Numbered]) -> Iterator[tuple[int, Line, Measured]]:
    """Yield each line with what was measured; `take` returns the lines one after another.

    Raises:
        StartError: a line could not be measured.
    """
    from belowline.cli.loading import StartError

    for answered in answers:
        for part in answered.parts:
            number, line = take()
            found = _decode(part)
            if found.measured is None:
                raise StartError(f"line {number}: {found.problem}. Nothing was compared")
            yield number, line, found.measured
