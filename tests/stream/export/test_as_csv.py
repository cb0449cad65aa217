"""The CSV export: an archive that every program opens, and cells that no spreadsheet works out."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest

from belowline.stream.export.as_csv import cell, csv_lines, zip_pieces
from belowline.stream.export.sections import SECTIONS

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def opened(reader):
    return lambda: zipfile.ZipFile(io.BytesIO(b"".join(zip_pieces(reader, NOW))))


def rows(archive, name):
    return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig"))))


def test_a_file_for_each_section(opened):
    archive = opened()

    assert archive.testzip() is None
    assert archive.namelist() == [f"{section.name}.csv" for section in SECTIONS]
    assert {entry.date_time for entry in archive.infolist()} == {(2026, 3, 1, 12, 0, 0)}


def test_what_was_written_and_decided(opened, rejected):
    archive = opened()

    [comment] = rows(archive, "comments")
    assert (comment["text"], comment["status"]) == (rejected.text_source, "rejected")
    assert [row["outcome"] for row in rows(archive, "decisions")] == ["hold", "reject"]
    assert rows(archive, "mutes") == []


def test_line_breaks_and_quotes_survive(opened, written):
    text = 'One line,\nanother "line"; 橋'
    written(text)

    assert rows(opened(), "comments")[0]["text"] == text


CELLS = {
    "nothing": (None, ""),
    "yes": (True, "yes"),
    "no": (False, "no"),
    "a number": (-3, "-3"),
    "a time": (NOW, "2026-03-01T12:00:00+00:00"),
    "a list": ([{"rule": "links"}], '[{"rule": "links"}]'),
    "words": ("Tolls", "Tolls"),
    "a formula": ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
    "a sum": ("+1", "'+1"),
    "a command": ("@SUM(A1)", "'@SUM(A1)"),
    "a dash": ("- no", "'- no"),
}


@pytest.mark.parametrize(("value", "expected"), CELLS.values(), ids=CELLS)
def test_cells(value, expected):
    assert cell(value) == expected


def test_lines_come_one_by_one(reader, written):
    for number in range(3):
        written(f"Remark {number}.")
    [section] = [one for one in SECTIONS if one.name == "comments"]

    assert len(list(csv_lines(section, reader))) == 4
