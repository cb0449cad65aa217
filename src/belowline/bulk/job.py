"""What is done with each line: the same in this process, in one beside it, or on another machine."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from belowline.bulk.lines import Answered, Chunk

AnswerLine = Callable[[int, bytes | None], tuple[bytes, bool]]
"""The number and the bytes of a line -> its line of output, without an end, and whether it is an error. Raises nothing.
What it returns depends on the line alone, so that it does not matter where a line is answered, nor beside which."""


class Opened(NamedTuple):
    """A job that has loaded what it needs."""

    answer: AnswerLine
    probe: Callable[[], str]
    """Returns a digest of what this machine computes, to the last bit (`machine.probe`)."""


class Job(Protocol):
    """What is done, so described that it can be sent to another process or machine."""

    def open(self) -> Opened:
        """Load models and policy, and return what answers lines.

        Raises:
            BelowlineError: something is missing or wrong.
        """
        ...

    def give_up(self, number: int, raw: bytes | None) -> tuple[bytes, bool]:
        """Return what stands in the place of a line that ended every process which tried it. Loads nothing."""
        ...


def answer_chunk(chunk: Chunk, answer: AnswerLine) -> Answered:
    """Answer the lines of a chunk, one by one and in order. Raises nothing."""
    found = [answer(number, raw) for number, raw in chunk.lines]
    return Answered(
        number=chunk.number,
        lines=[number for number, _ in chunk.lines],
        parts=[part for part, _ in found],
        bad=sum(is_bad for _, is_bad in found),
    )
