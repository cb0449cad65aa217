"""The figures behind a picture: the same rows for the page and for the file."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from django.contrib.humanize.templatetags.humanize import intcomma

from belowline.moderation.spreadsheet import csv_text

NOTHING = "–"
MINUTE, HOUR, DAY = 60, 3_600, 86_400
Kind = Literal["text", "count", "share", "seconds", "number", "day"]


class Column(NamedTuple):
    """What a column of figures holds."""

    key: str
    """In the file: lower case, with the unit."""
    title: str
    kind: Kind = "count"
    """*share*: in [0, 1]; *seconds*: a length of time; *number*: to two places."""

    @property
    def is_text(self) -> bool:
        """Whether it names what the row is about."""
        return self.kind == "text"


class Table(NamedTuple):
    """Figures in rows."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]
    """One value a column; None: there is none."""

    @property
    def shown(self) -> list[list[str]]:
        """Return the rows in words."""
        return [
            [in_words(value, column.kind) for value, column in zip(row, self.columns, strict=True)] for row in self.rows
        ]

    def as_csv(self) -> str:
        """Return the file: lengths of time in seconds, shares in [0, 1]."""
        return csv_text([column.key for column in self.columns], [_plain(row) for row in self.rows])


def in_words(value: Any, kind: Kind) -> str:
    """Return a figure as people read it; a dash where there is none."""
    return NOTHING if value is None else IN_WORDS[kind](value)


def percent(share: float) -> str:
    """Return a share in [0, 1] as per cent: whole ones, but for less than ten."""
    digits = 1 if 0 < share < 0.1 else 0  # noqa: PLR2004 - small shares differ behind the point
    return f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


def length(time: timedelta | float) -> str:
    """Return a length of time (seconds where it is a number) in two units at most: "45 s", "2 h 10 min", "3 d"."""
    seconds = round(time.total_seconds() if isinstance(time, timedelta) else time)
    if seconds < MINUTE:
        return f"{seconds}\N{NO-BREAK SPACE}s"
    for size, unit, smaller, part in ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min"), (MINUTE, "min", 1, "s")):
        if seconds >= size:
            whole, rest = divmod(seconds, size)
            more = f" {rest // smaller}\N{NO-BREAK SPACE}{part}" if rest >= smaller and whole < 10 else ""  # noqa: PLR2004 - nobody asks for the minutes of eleven hours
            return f"{whole}\N{NO-BREAK SPACE}{unit}{more}"
    raise AssertionError("every length has a unit")


IN_WORDS: dict[Kind, Callable[[Any], str]] = {
    "text": str,
    "count": intcomma,
    "share": percent,
    "seconds": length,
    "number": "{:.2f}".format,
    "day": "{:%-d %b %Y}".format,
}


def _plain(row: Sequence[Any]) -> list[Any]:
    return [_plain_value(value) for value in row]


def _plain_value(value: Any) -> Any:
    if isinstance(value, timedelta):
        return round(value.total_seconds(), 1)
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 4) if isinstance(value, float) else value
