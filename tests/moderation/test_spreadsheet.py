"""Cells and files for spreadsheets."""

import csv
import io
from datetime import UTC, datetime

import pytest

from belowline.moderation.spreadsheet import BYTE_ORDER_MARK, cell, csv_text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (-5, "-5"),
        (0.25, "0.25"),
        (datetime(2026, 11, 18, 9, 30, tzinfo=UTC), "2026-11-18T09:30:00+00:00"),
        (["a", "ä"], '["a", "ä"]'),
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-5", "'-5"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("a = b", "a = b"),
    ],
)
def test_cells(value, expected):
    assert cell(value) == expected


def test_a_file_begins_with_its_names_and_comes_back_as_it_was():
    rows = [("Tolls, and “cables”", 3), ('a "word"\nand a line', None)]
    text = csv_text(["story", "comments"], rows)

    assert text.startswith(f"{BYTE_ORDER_MARK}story,comments\r\n")
    found = list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))
    assert found == [["story", "comments"], ["Tolls, and “cables”", "3"], ['a "word"\nand a line', ""]]


def test_a_file_without_rows():
    assert csv_text(["story"], []) == f"{BYTE_ORDER_MARK}story\r\n"
