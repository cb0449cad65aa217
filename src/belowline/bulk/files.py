"""The files of an input: JSON lines or Parquet, a file, a folder, or an address that PyArrow knows (s3://, gs://).

Several files are read as if they were one, in the order of their names. A row of Parquet becomes the line of JSON that
says the same, so everything that holds for lines holds for rows.
"""

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import msgspec

from belowline.bulk.errors import InputError, MissingPackageError
from belowline.bulk.lines import Line, read_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://")
PARQUET = (".parquet", ".pq")
ENDINGS = (".jsonl", ".ndjson", ".json", *PARQUET)
"""In a folder, files with other endings are passed over; so are names that begin with a dot or an underscore."""
COLUMNS = ("id", "text", "story", "parent", "language", "outcome", "rule", "at", "section", "model", "scores")
"""The columns of Parquet that are read: the fields that a line may have."""
STORY = "story_"
"""Columns such as `story_title` stand for the fields of `story` where there is no such column."""
STORY_COLUMNS = tuple(f"{STORY}{name}" for name in ("title", "standfirst", "body", "section", "judges_topic"))
ROWS_AT_ONCE = 1_000


class File(NamedTuple):
    """A file of the input."""

    path: str
    size: int
    """In bytes."""

    @property
    def is_parquet(self) -> bool:
        """Whether it holds rows, not lines."""
        return self.path.endswith(PARQUET)


def is_address(name: str) -> bool:
    """Say whether a name is an address such as s3://bucket/folder. Raises nothing."""
    return ADDRESS.match(name) is not None


def needed(package: str, what: str) -> Any:
    """Import a package that `what` needs.

    Raises:
        MissingPackageError: it is not installed; the message says how to install it.
    """
    import importlib

    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        root = package.partition(".")[0]
        if error.name is not None and error.name.partition(".")[0] != root:
            raise MissingPackageError(f"{what} needs {error.name}: pip install 'belowline[bulk]'") from error
        raise MissingPackageError(f"{what} needs {root}: pip install 'belowline[bulk]'") from error


def find_files(name: str) -> list[File]:
    """Return the files of an input, in the order in which they are read.

    Raises:
        InputError: there is none.
        MissingPackageError: an address, and PyArrow is not installed.
    """
    found = _find_remote(name) if is_address(name) else _find_local(Path(name))
    if not found:
        raise InputError(f"{name} holds no file that ends in {', '.join(ENDINGS)}")
    return found


def _find_local(path: Path) -> list[File]:
    if not path.is_dir():
        return [File(str(path), path.stat().st_size)]
    inside = sorted(one for one in path.rglob("*") if one.is_file() and _is_wanted(str(one.relative_to(path))))
    return [File(str(one), one.stat().st_size) for one in inside]


def _is_wanted(relative: str) -> bool:
    return relative.endswith(ENDINGS) and not any(part.startswith((".", "_")) for part in relative.split("/"))


def _find_remote(address: str) -> list[File]:
    fs = needed("pyarrow.fs", f"reading {address}")
    system, path = of_address(address)
    info = system.get_file_info(path)
    if info.type == fs.FileType.File:
        return [File(address, info.size)]
    scheme = address.partition("://")[0]
    inside = system.get_file_info(fs.FileSelector(path, recursive=True, allow_not_found=True))
    wanted = (one for one in inside if one.is_file and _is_wanted(one.path.removeprefix(path).lstrip("/")))
    return sorted(File(f"{scheme}://{one.path}", one.size) for one in wanted)


def of_address(address: str) -> tuple[Any, str]:
    """Return PyArrow's filesystem and the path in it.

    Raises:
        InputError: PyArrow does not know such addresses.
    """
    fs = needed("pyarrow.fs", f"reading {address}")
    try:
        system, path = fs.FileSystem.from_uri(address)
    except (ValueError, OSError) as error:
        raise InputError(f"{address} is no address that PyArrow knows ({error})") from error
    return system, path


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open a file or an address to be read; it can seek. Raises OSError, InputError."""
    if not is_address(path):
        with open(path, "rb", buffering=1 << 20) as stream:  # noqa: PTH123 - the name may be /dev/stdin
            yield stream
        return
    system, inner = of_address(path)
    with io.BufferedReader(system.open_input_file(inner), 1 << 20) as remote:
        yield remote


def lines_of(files: "Sequence[File]") -> Iterator[Line]:
    """Yield the lines, or the rows as lines, of all files; numbers count on from file to file.

    Raises OSError, BulkError.
    """
    before = 0
    for file in files:
        last = 0
        if file.is_parquet:
            rows = rows_as_lines(file.path)
            for last, row in enumerate(rows, 1):
                yield before + last, row
        else:
            with opened(file.path) as stream:
                counted = Counted(stream)
                for number, raw in read_lines(counted):
                    yield before + number, raw
                last = counted.lines
        before += last


class Counted:
    """A stream that counts its lines, the blank ones too, and its bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._is_open = False
        self.lines = 0
        self.bytes = 0

    def readline(self, limit: int) -> bytes:
        """Return a line, or what `limit` bytes hold of it."""
        line = self._stream.readline(limit)
        if line:
            self.lines += not self._is_open
            self.bytes += len(line)
            self._is_open = not line.endswith(b"\n")
        return line


def rows_as_lines(path: str, first: int = 0, most: int | None = None) -> Iterator[bytes]:
    """Yield rows of a Parquet file as lines of JSON, from `first` on (counted from 0), at most `most` of them.

    Raises:
        InputError: it is no Parquet file, or has no column `text`.
    """
    parquet = needed("pyarrow.parquet", f"reading {path}")
    encode = msgspec.json.Encoder().encode
    with opened(path) as stream:
        file = open_parquet(parquet, stream, path)
        groups, skipped = _groups(file.metadata, first, most)
        wanted = [name for name in file.schema_arrow.names if name in COLUMNS or name in STORY_COLUMNS]
        left = most
        for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=groups, columns=wanted):
            if skipped >= batch.num_rows:
                skipped -= batch.num_rows
                continue
            rows = batch.slice(skipped, left).to_pylist() if left is not None else batch.slice(skipped).to_pylist()
            skipped = 0
            yield from (encode(_nested(row)) for row in rows)
            left = left if left is None else left - len(rows)
            if left == 0:
                return


def open_parquet(parquet: Any, stream: BinaryIO, path: str) -> Any:
    """Return the opened file.

    Raises:
        InputError: it is no Parquet file, or has no column `text`.
    """
    try:
        file = parquet.ParquetFile(stream)
    except (OSError, ValueError) as error:  # PyArrow's errors are derived from these
        raise InputError(f"{path} is no Parquet file ({error})") from error
    if "text" not in file.schema_arrow.names:
        raise InputError(f"{path} has no column `text`; it has {', '.join(file.schema_arrow.names)}")
    return file


def _groups(metadata: Any, first: int, most: int | None) -> tuple[list[int], int]:
    """Return the row groups that hold the wanted rows, and how many rows of the first of these come before them."""
    groups, skipped, at = list[int](), 0, 0
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        if at + rows > first and (most is None or at < first + most):
            skipped = skipped if groups else first - at
            groups.append(group)
        at += rows
    return groups, max(skipped, 0)


def _nested(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as the object of a line; what is null is left out."""
    story = {name.removeprefix(STORY): value for name, value in row.items() if name in STORY_COLUMNS}
    whole = {name: value for name, value in row.items() if value is not None and name not in STORY_COLUMNS}
    given = {name: value for name, value in story.items() if value is not None}
    return {"story": given} | whole if given else whole


def total_size(files: Iterable[File]) -> int:
    """Return the bytes of all files. Raises nothing."""
    return sum(file.size for file in files)
