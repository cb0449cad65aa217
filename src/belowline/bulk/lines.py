"""Lines of the input: read in constant memory, numbered, and put together into chunks that travel."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

MAX_LINE_BYTES = 4 * 1024 * 1024
"""A longer line is an error; it is skipped in small pieces and never held in memory whole."""
SKIP_BYTES = 64 * 1024
CHUNK_LINES = 64
"""So many lines travel together: about a third of a second's work, so what a killed process had is soon done again."""
CHUNK_BYTES = 512 * 1024
"""Chunks end early where lines are long: what is on its way stays small."""

MARK = b"\xef\xbb\xbf"

Line = tuple[int, bytes | None]
"""The number of a line, from 1, and its bytes; None for one that is too long."""


class Stream(Protocol):
    """What lines are read from."""

    def readline(self, limit: int, /) -> bytes:
        """Return a line with its end, or what `limit` bytes hold of it; nothing at the end."""
        ...


class Chunk(NamedTuple):
    """Lines that are answered together."""

    number: int
    """From 0, in the order of the input."""
    lines: list[Line]


class Answered(NamedTuple):
    """What came of a chunk."""

    number: int
    """The chunk's."""
    lines: list[int]
    """The numbers of the lines."""
    parts: list[bytes]
    """One line of output for each line, in order, without its end."""
    bad: int
    """How many of them are errors."""


def read_lines(source: Stream) -> Iterator[Line]:
    """Yield number (from 1) and bytes of each line, None for one too long; leave blank lines out. Raises OSError."""
    number = 0
    while line := source.readline(MAX_LINE_BYTES + 1):
        number += 1
        if is_too_long(line):
            _skip_line(source)
            yield number, None
        elif is_answered(number, line):
            yield number, without_mark(number, line)


def is_too_long(line: bytes) -> bool:
    """Say whether `readline(MAX_LINE_BYTES + 1)` has returned only the beginning of a line. Raises nothing."""
    return len(line) > MAX_LINE_BYTES and not line.endswith(b"\n")


def without_mark(number: int, line: bytes) -> bytes:
    """Return a line without the byte order mark that some editors put before the first one. Raises nothing."""
    return line.removeprefix(MARK) if number == 1 else line


def is_answered(number: int, line: bytes) -> bool:
    """Say whether there is a line of output for this one, so it is not blank. Raises nothing."""
    return is_too_long(line) or bool(without_mark(number, line).strip())


def _skip_line(source: Stream) -> None:
    while (part := source.readline(SKIP_BYTES)) and not part.endswith(b"\n"):
        pass


def cut_chunks(lines: Iterable[Line], most_lines: int = CHUNK_LINES, most_bytes: int = CHUNK_BYTES) -> Iterator[Chunk]:
    """Yield the lines in chunks of at most so many lines, each closed by the line that reaches `most_bytes`."""
    number, held, size = 0, list[Line](), 0
    for line in lines:
        held.append(line)
        size += len(line[1] or b"")
        if len(held) >= most_lines or size >= most_bytes:
            yield Chunk(number, held)
            number, held, size = number + 1, [], 0
    if held:
        yield Chunk(number, held)
