"""How far a command has come, on a terminal that watches errors."""

import sys
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def watch(items: Sequence[T], what: str = "Scoring") -> Iterable[T]:
    """Give the items back one by one, and show on a terminal how many there were."""
    from rich.console import Console
    from rich.progress import track

    return track(items, what, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)
