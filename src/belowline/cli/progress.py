"""How far a command has come, on a terminal that watches errors, or as a line a minute in a log."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from rich.progress import ProgressColumn

T = TypeVar("T")
SHOWN_EVERY_S = 0.1
LOGGED_EVERY_S = 60.0


def watch(items: Sequence[T], what: str = "Scoring") -> Iterable[T]:
    """Give the items back one by one, and show on a terminal how many there were."""
    from rich.console import Console
    from rich.progress import track

    return track(items, what, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)


@contextmanager
def counted(
    what: str, total: int | None = None, *, begun: int = 0, unit: str = "lines", is_logged: bool = False
) -> Iterator[Callable[[int], None]]:
    """Count on stderr, with a bar where the total is known; yields what is told how many more were done.

    On a terminal it shows at once; elsewhere nothing, or, `is_logged`, a line a minute. No thread is started: processes
    are forked meanwhile.
    """
    if not sys.stderr.isatty():
        yield _logger(what, total, begun, unit) if is_logged else lambda _more: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(*_columns(total, unit), console=Console(stderr=True), auto_refresh=False) as display:
        task = display.add_task(what, total=total, completed=begun)
        shown_at = 0.0

        def advance(more: int) -> None:
            nonlocal shown_at
            display.advance(task, more)
            if (now := time.monotonic()) - shown_at >= SHOWN_EVERY_S:
                shown_at = now
                display.refresh()

        yield advance
        display.refresh()


def _columns(total: int | None, unit: str) -> "list[ProgressColumn]":
    from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as Remaining

    name = TextColumn("{task.description}")
    if total is None:
        return [SpinnerColumn(), name, TextColumn(f"{{task.completed}} {unit}"), TimeElapsedColumn()]
    of = TextColumn(f"{{task.completed:,}} of {{task.total:,}} {unit}")
    return [name, BarColumn(), TaskProgressColumn(), of, TimeElapsedColumn(), TextColumn("left:"), Remaining()]


def _logger(what: str, total: int | None, begun: int, unit: str) -> Callable[[int], None]:
    done, said_at = begun, time.monotonic()

    def advance(more: int) -> None:
        nonlocal done, said_at
        done += more
        if (now := time.monotonic()) - said_at >= LOGGED_EVERY_S:
            said_at = now
            click.echo(f"{what}: {done:,} {f'of {total:,} ' if total is not None else ''}{unit}", err=True)

    return advance
