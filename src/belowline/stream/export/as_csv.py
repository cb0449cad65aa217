"""The export as a ZIP archive with a CSV file for each section, made piece by piece."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from belowline.accounts.models import User
from belowline.moderation.spreadsheet import BYTE_ORDER_MARK, cell
from belowline.stream.export.sections import SECTIONS, Section


class _Sink(io.RawIOBase):
    """What was written since it was emptied last."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def empty(self) -> bytes:
        found = b"".join(self.pieces)
        self.pieces.clear()
        return found


def zip_pieces(user: User, made_at: datetime) -> Iterator[bytes]:
    """Yield the archive; no part of it is kept in memory or on the disk longer than it takes to send it."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for section in SECTIONS:
            entry = zipfile.ZipInfo(f"{section.name}.csv", made_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                for line in csv_lines(section, user):
                    file.write(line.encode())
                    yield sink.empty()
            yield sink.empty()
    yield sink.empty()


def csv_lines(section: Section, user: User) -> Iterator[str]:
    """Yield the lines of a section's file, the names of its columns first."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(section.columns)
    yield BYTE_ORDER_MARK + line.getvalue()
    for row in section.read(user):
        line.seek(0)
        line.truncate()
        writer.writerow([cell(value) for value in row])
        yield line.getvalue()
