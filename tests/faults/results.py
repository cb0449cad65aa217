"""The table of faults: what each test did, and what became of the comments; written by `make faults`."""

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

BENCH = Path(__file__).parents[1] / "bench"
COMMAND = "make faults"
HEAD = """\
| fault | what was done | posts answered | of them there | there twice | published unjudged | counters wrong |
|---|---|---:|---:|---:|---:|---:|"""


class Result(NamedTuple):
    """What became of the comments of one test."""

    fault: str
    how: str
    answered: int
    there: int
    twice: int
    unjudged: int
    wrong: int


def table(found):
    """Return the rows, in the order of the tests; several about one thing are added up."""
    sums = {}
    for _, row in sorted(found, key=lambda item: item[0]):
        fault, how, *numbers = row
        sums[fault, how] = [a + b for a, b in zip(sums.get((fault, how), [0] * 5), numbers, strict=True)]
    lines = [f"| {fault} | {how} | {' | '.join(f'{one:,}' for one in row)} |" for (fault, how), row in sums.items()]
    return "\n".join([HEAD, *lines])


def write(page, found, tests, seconds):
    """Put the table between its marks on a page."""
    sys.path.append(str(BENCH))
    from figures import write_figures

    head = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {tests} tests in {seconds / 60:.0f} minutes on {os.cpu_count()} "
        f"cores (load average {os.getloadavg()[1]:.0f}), Python {platform.python_version()}."
    )
    write_figures(Path(page), COMMAND, f"{head}\n\n{table(found)}")
