"""Answers as Parquet: a row for each line, with columns to filter by and the whole line of JSON beside them."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from belowline.bulk.files import needed
from belowline.bulk.lines import Answered

ROWS_AT_ONCE = 5_000
"""Rows of a row group: so many are held in memory."""


def table_of(answered: Answered, scores: Sequence[str]) -> Any:
    """Return the rows of a chunk as a PyArrow table; `scores` are the columns of scores, none where a policy judged.

    Raises:
        MissingPackageError: PyArrow is not installed.
    """
    pyarrow = needed("pyarrow", "writing Parquet")
    schema = schema_of(pyarrow, scores)
    rows = [_row(*pair, scores) for pair in zip(answered.lines, answered.parts, strict=True)]
    return pyarrow.Table.from_pylist(rows, schema=schema)


def schema_of(pyarrow: Any, scores: Sequence[str]) -> Any:
    """Return the columns: docs/reference/cli.md describes them."""
    text = pyarrow.string()
    head = [("line", pyarrow.int64()), ("id", text), ("error", text)]
    judged = [("outcome", text), ("rules", pyarrow.list_(text))]
    scored = [("language", text), *((name, pyarrow.float64()) for name in scores)]
    return pyarrow.schema([*head, *(scored if scores else judged), ("answer", text)])


def _row(number: int, part: bytes, scores: Sequence[str]) -> dict[str, Any]:
    found = msgspec.json.decode(part)
    identity = found.get("id")
    row = {
        "line": number,
        "id": None if identity is None else str(identity),
        "error": found["error"]["code"] if "error" in found else None,
        "answer": part.decode(),
    }
    if "error" in found:
        return row
    if scores:
        return row | {"language": found["language"]} | {name: found["scores"].get(name) for name in scores}
    return row | {"outcome": found["outcome"], "rules": [reason["rule"] for reason in found["reasons"]]}


class ParquetFile:
    """A Parquet file that appears whole under its name, or not at all."""

    def __init__(self, output: Path, scores: Sequence[str]) -> None:
        """Begin a file beside the wanted one; raises OSError, or MissingPackageError where PyArrow is not installed."""
        self._pyarrow = needed("pyarrow", f"writing {output}")
        parquet = needed("pyarrow.parquet", f"writing {output}")
        self.output, self._scores = output, scores
        self._fresh = output.with_name(output.name + ".new")
        self._writer = parquet.ParquetWriter(str(self._fresh), schema_of(self._pyarrow, scores), compression="zstd")
        self._held: list[Any] = []
        self._rows = 0
        self.bad = 0

    def write(self, answered: Answered) -> None:
        """Add the rows of a chunk. Raises OSError."""
        self._held.append(table_of(answered, self._scores))
        self._rows += len(answered.parts)
        self.bad += answered.bad
        if self._rows >= ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(self._pyarrow.concat_tables(self._held))
        self._held, self._rows = [], 0

    def save(self) -> None:
        """Write the end of the file and give it its name. Raises OSError."""
        self._flush()
        self._writer.close()
        self._fresh.replace(self.output)

    def close(self) -> None:
        """Leave nothing half done behind; after `save`, nothing happens."""
        self._writer.close()
        self._fresh.unlink(missing_ok=True)


def write_table(stream: IO[bytes], table: Any) -> None:
    """Write a table as a whole Parquet file into a stream. Raises OSError."""
    needed("pyarrow.parquet", "writing Parquet").write_table(table, stream, compression="zstd")
