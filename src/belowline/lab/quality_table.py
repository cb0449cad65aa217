"""A table of figures in a page of the documentation, made anew at each measurement."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

BEGIN, END = "<!-- table -->", "<!-- end of table -->"
"""Between these lines of a page its table stands."""


class Line(NamedTuple):
    """One line of the table."""

    what: str
    figure: str
    wanted: str = ""
    baseline: str = ""


def table(lines: Sequence[Line]) -> str:
    """Return the lines as a Markdown table."""
    rows = ["| figure | measured | wanted | TF-IDF |", "|---|---|---|---|"]
    return "\n".join([*rows, *(f"| {line.what} | {line.figure} | {line.wanted} | {line.baseline} |" for line in lines)])


def put_table(path: Path | None, version: str, lines: Sequence[Line]) -> str:
    """Return the table, and put it between its marks in a page where one is given.

    Raises:
        ValueError: the page lacks the marks.
    """
    made = table(lines)
    if path is not None:
        page = path.read_text(encoding="utf-8")
        if BEGIN not in page or END not in page:
            raise ValueError(f"{path} needs the lines {BEGIN} and {END}, between which the table goes")
        before, _, rest = page.partition(BEGIN)
        after = rest.partition(END)[2]
        path.write_text(f"{before}{BEGIN}\nModel: `{version}`.\n\n{made}\n{END}{after}", encoding="utf-8")
    return made
