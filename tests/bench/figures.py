"""Figures of a benchmark, between their marks on a page of the documentation."""

from pathlib import Path

END = "<!-- end of figures -->"


def write_figures(page: Path, command: str, text: str) -> None:
    """Put the text between `<!-- figures: COMMAND -->` and the next end of figures.

    Raises:
        SystemExit: the page lacks the marks.
    """
    begin = f"<!-- figures: {command} -->"
    before, found, rest = page.read_text("utf-8").partition(begin)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise SystemExit(f"{page} has no {begin} ... {END}")
    page.write_text(f"{before}{begin}\n{text}\n{END}{after}", "utf-8")
