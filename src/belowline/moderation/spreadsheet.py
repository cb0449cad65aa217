"""Values as cells of CSV files, so that spreadsheets show what is meant and work nothing out."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets would work out what begins with these."""
BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets take the file for another encoding."""


def cell(value: Any) -> str:
    """Return a value as a cell: times in ISO 8601, lists and objects as JSON, nothing that a spreadsheet works out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def csv_text(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a whole file, the names of its columns first."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(names)
    writer.writerows([cell(value) for value in row] for row in rows)
    return BYTE_ORDER_MARK + sink.getvalue()
