"""One pass over an input before it is answered: what it is, how long it is, and where it may be cut.

It makes a resumed run honest (the same bytes, or nothing is continued), gives the progress bar its end, and lets the
machines of a cluster read their own parts.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from belowline.bulk.files import File, needed, open_parquet, opened, rows_as_lines
from belowline.bulk.lines import MAX_LINE_BYTES, Line, is_answered, read_lines

READ_BYTES = 1 << 20
PIECE_BYTES = 8 << 20
"""A piece of lines ends with the line that reaches this."""


class Piece(NamedTuple):
    """A stretch of one file."""

    number: int
    """From 0, in the order of the input."""
    path: str
    is_parquet: bool
    start: int
    """The byte, or the row from 0, with which it begins."""
    length: int
    """Bytes, or rows."""
    first: int
    """The number, from 1, of its first line in the whole input."""
    lines: int
    """Lines that are answered: blank ones are not counted."""


class Index(NamedTuple):
    """What one pass found."""

    digest: str
    """SHA-256, in hexadecimal, over all bytes of all files in their order, and over their number."""
    lines: int
    """Lines that are answered."""
    pieces: list[Piece]


Advance = Callable[[int], None]


def read_index(files: Sequence[File], piece_lines: int, advance: Advance = lambda _bytes: None) -> Index:
    """Read all files once; `advance` hears how many bytes more were read.

    Raises:
        OSError: a file cannot be read.
        BulkError: a file is no Parquet file, or PyArrow is not there to read it.
    """
    digest, pieces, first = hashlib.sha256(), list[Piece](), 1
    for file in files:
        walk = _parquet_pieces if file.is_parquet else _line_pieces
        counted = 0
        for start, length, before, lines in walk(file, piece_lines, digest.update, advance):
            if lines:
                number = len(pieces)
                pieces.append(Piece(number, file.path, file.is_parquet, start, length, first + before, lines))
            counted = before
        first += counted
        digest.update(f"end of a file of {file.size} bytes".encode())
    return Index(digest.hexdigest(), sum(piece.lines for piece in pieces), pieces)


Cut = tuple[int, int, int, int]
"""Start, length, lines or rows of the file before it, and lines that are answered."""


def _line_pieces(file: File, most: int, update: Callable[[bytes], None], advance: Advance) -> Iterator[Cut]:
    """Cut a file of lines; the last cut is empty and says how many lines there are in all."""
    start = length = before = counted = answered = 0
    is_open = False
    with opened(file.path) as stream:
        while line := stream.readline(MAX_LINE_BYTES + 1):
            update(line)
            advance(len(line))
            if not is_open:
                counted += 1
                answered += is_answered(counted, line)
            length += len(line)
            is_open = not line.endswith(b"\n")
            if not is_open and (answered >= most or length >= PIECE_BYTES):
                yield start, length, before, answered
                start, length, before, answered = start + length, 0, counted, 0
    if length:
        yield start, length, before, answered
    yield start + length, 0, counted, 0


def _parquet_pieces(file: File, most: int, update: Callable[[bytes], None], advance: Advance) -> Iterator[Cut]:
    parquet = needed("pyarrow.parquet", f"reading {file.path}")
    with opened(file.path) as stream:
        while part := stream.read(READ_BYTES):
            update(part)
            advance(len(part))
        stream.seek(0)
        rows = open_parquet(parquet, stream, file.path).metadata.num_rows
    for start in range(0, rows, most):
        length = min(most, rows - start)
        yield start, length, start, length
    yield rows, 0, rows, 0


def read_piece(piece: Piece) -> Iterator[Line]:
    """Yield the lines of a piece under the numbers that they have in the whole input. Raises OSError, BulkError."""
    if piece.is_parquet:
        yield from enumerate(rows_as_lines(piece.path, piece.start, piece.length), piece.first)
        return
    with opened(piece.path) as stream:
        stream.seek(piece.start)
        part = Part(stream, piece.length)
        if piece.start:
            # Within a file, three such bytes are no mark but text: a blank line before them keeps them.
            part.before = b"\n"
        for number, raw in read_lines(part):
            yield piece.first + number - 1 - bool(piece.start), raw


class Part:
    """A stretch of a stream, as a stream."""

    def __init__(self, stream: BinaryIO, left: int) -> None:
        self._stream = stream
        self._left = left
        self.before = b""

    def readline(self, limit: int) -> bytes:
        """Return a line, or what `limit` bytes or the stretch hold of it."""
        if self.before:
            before, self.before = self.before, b""
            return before
        line = self._stream.readline(min(limit, self._left))
        self._left -= len(line)
        return line
