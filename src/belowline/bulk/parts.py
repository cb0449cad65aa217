"""A folder of parts: each machine of a cluster writes its own, and each appears whole or not at all.

A part is named after its first line, its lines and its errors. So the names in order are the order of the input, a part
that is written twice replaces itself, and what is there need not be done again.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from belowline.bulk.checkpoint import Checkpoint
from belowline.bulk.errors import ResumeError
from belowline.bulk.files import is_address, needed, of_address
from belowline.bulk.index import Piece
from belowline.bulk.lines import Answered
from belowline.bulk.tables import table_of, write_table

OBJECT_STORES = ("s3://", "gs://", "gcs://", "abfs://", "abfss://")
"""There are no folders in these: a name with a slash is enough."""
MANIFEST = "_belowline.json"
NAME = re.compile(r"part-(\d{12})-(\d+)-(\d+)\.(?:jsonl|parquet)")
FEWEST_LINES, MOST_LINES = 250, 10_000
BYTES_A_PART_LINE = 64 * 1024
"""A part has a line for so many bytes of the whole input, within these bounds: from 640 MiB on, 10,000."""


class Folder(NamedTuple):
    """Where parts are written, and as what."""

    name: str
    """A folder that every machine sees under this name, or an address."""
    is_parquet: bool
    scores: tuple[str, ...] = ()
    """The columns of scores, for Parquet."""

    @property
    def ending(self) -> str:
        """The ending of a part's name."""
        return "parquet" if self.is_parquet else "jsonl"


class Written(NamedTuple):
    """A part that is there."""

    first: int
    """The number of its first line in the input."""
    lines: int
    bad: int


def is_folder(name: str) -> bool:
    """Say whether an output names a folder of parts: by a slash at its end, an address, or because it is one."""
    return name.endswith("/") or is_address(name) or Path(name).is_dir()


def part_lines(size: int) -> int:
    """Return how many lines a part shall have for an input of `size` bytes, however large the cluster is.

    A part is at most a minute or two of an actor's work: that is what is done again when it is killed.
    """
    return max(FEWEST_LINES, min(MOST_LINES, size // BYTES_A_PART_LINE))


def write_part(folder: Folder, piece: Piece, answered: Answered) -> Written:
    """Write the answers to a piece under the name that they have. Raises OSError, BulkError."""
    name = f"part-{piece.first:012}-{len(answered.parts)}-{answered.bad}.{folder.ending}"
    if folder.is_parquet:
        write_whole(folder.name, name, table_of(answered, folder.scores))
    else:
        write_whole(folder.name, name, b"\n".join((*answered.parts, b"")))
    return Written(piece.first, len(answered.parts), answered.bad)


def write_whole(folder: str, name: str, content: Any) -> None:
    """Write bytes or a table as a file that appears whole or not at all. Raises OSError, BulkError."""
    if is_address(folder):
        # Stores of objects show a file when it is closed, not before.
        system, path = of_address(folder)
        with system.open_output_stream(f"{path.rstrip('/')}/{name}", compression=None) as stream:
            _write(stream, content)
        return
    fresh = Path(folder, f".{name}.{os.getpid()}")
    with fresh.open("wb") as stream:
        _write(stream, content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(fresh.with_name(name))


def _write(stream: Any, content: Any) -> None:
    if isinstance(content, bytes):
        stream.write(content)
    else:
        write_table(stream, content)


def find_parts(folder: str) -> list[Written]:
    """Return the parts that are there, in the order of the input. Raises OSError, BulkError."""
    found = (NAME.fullmatch(name) for name in _names(folder))
    return sorted(Written(*map(int, one.groups())) for one in found if one)


def _names(folder: str) -> list[str]:
    if not is_address(folder):
        return [one.name for one in Path(folder).iterdir()] if Path(folder).is_dir() else []
    fs = needed("pyarrow.fs", f"writing {folder}")
    system, path = of_address(folder)
    return [one.base_name for one in system.get_file_info(fs.FileSelector(path, allow_not_found=True))]


def begin_folder(folder: Folder, wanted: Checkpoint, *, may_continue: bool) -> list[Written]:
    """Make the folder, or look at what is in it; return the parts that are there.

    Raises:
        ResumeError: it holds something that may not be continued, or was made of another input or by another job.
        OSError: it cannot be written.
    """
    _make_folder(folder.name)
    names = _names(folder.name)
    if not names:
        write_whole(folder.name, MANIFEST, msgspec.json.encode(wanted) + b"\n")
        return []
    if not may_continue:
        raise ResumeError(f"{folder.name} holds files already; add --resume to continue it, or name another folder")
    if MANIFEST not in names:
        raise ResumeError(f"{folder.name} has no {MANIFEST}, so nobody knows what it was made of; name another folder")
    wanted.check_fits(msgspec.json.decode(_read(folder.name, MANIFEST), type=Checkpoint), folder.name)
    return find_parts(folder.name)


def _make_folder(folder: str) -> None:
    if not is_address(folder):
        Path(folder).mkdir(parents=True, exist_ok=True)
    elif not folder.startswith(OBJECT_STORES):
        system, path = of_address(folder)
        system.create_dir(path, recursive=True)


def _read(folder: str, name: str) -> bytes:
    if not is_address(folder):
        return Path(folder, name).read_bytes()
    system, path = of_address(folder)
    with system.open_input_stream(f"{path.rstrip('/')}/{name}", compression=None) as stream:
        content: bytes = stream.read()
    return content


def missing(pieces: Sequence[Piece], written: Sequence[Written]) -> list[Piece]:
    """Return the pieces of which there is no part yet. Raises nothing."""
    there = {(one.first, one.lines) for one in written}
    return [piece for piece in pieces if (piece.first, piece.lines) not in there]
