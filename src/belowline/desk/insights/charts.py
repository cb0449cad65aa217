"""Where the shapes of a picture stand, in hundredths of its width and height; templates draw them as SVG.

The drawings stretch to whatever room there is, so they hold no words: those stand beside them as text, which keeps its
size on a phone and at every zoom.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

FULL = 100.0
TICKS = 4
"""Lines across a plot, the lowest not counted."""
Tone = str
"""What a shape's colour says: accent, good, wait, bad or quiet; colours are in the sheet."""


class Part(NamedTuple):
    """A piece of a bar."""

    tone: Tone
    start: float
    size: float
    words: str
    """What it stands for, with its figure."""

    @property
    def top(self) -> float:
        """Return where it begins when it stands in a column: heights count from above."""
        return round(FULL - self.start - self.size, 3)


class Whisker(NamedTuple):
    """A value with its interval."""

    at: float
    low: float
    high: float
    words: str


class Bar(NamedTuple):
    """A row of a chart: a bar in parts, or a value with its interval."""

    label: str
    value: str
    """The figure that it stands for, in words."""
    note: str = ""
    """More figures."""
    parts: tuple[Part, ...] = ()
    whisker: Whisker | None = None
    href: str = ""


class Column(NamedTuple):
    """A column of a plot."""

    label: str
    """Below it; empty where there is no room for one."""
    x: float
    width: float
    parts: tuple[Part, ...]


class Plot(NamedTuple):
    """Columns, or a line, over an axis."""

    label: str
    """What is plotted, in words that stand above."""
    ticks: tuple[str, ...]
    """The names of the lines across, the highest first."""
    columns: tuple[Column, ...]
    line: str = ""
    """The points of a polyline; empty: there are only columns."""

    @property
    def grid(self) -> list[float]:
        """Return where the lines across stand, the highest first."""
        steps = len(self.ticks) - 1
        return [round(FULL * place / steps, 3) for place in range(steps + 1)]


def stacked(values: Sequence[tuple[Tone, float, str]], most: float) -> tuple[Part, ...]:
    """Return parts one after the other, `most` being the whole width; what is nothing has no part."""
    parts, at = [], 0.0
    for tone, value, words in values:
        size = FULL * value / most if most else 0.0
        if size:
            parts.append(Part(tone, round(at, 3), round(size, 3), words))
        at += size
    return tuple(parts)


def whisker(value: float, low: float, high: float, words: str) -> Whisker:
    """Return a value with its interval on an axis from 0 to 1; what is less than 0 stands at its beginning."""
    at, start, end = (round(FULL * max(0.0, number), 3) for number in (value, low, high))
    return Whisker(at, start, end, words)


def columns(
    labels: Sequence[str], stacks: Sequence[Sequence[tuple[Tone, float, str]]], top: float
) -> tuple[Column, ...]:
    """Return a column for each label, `top` being the height of the plot."""
    slot = FULL / max(1, len(labels))
    return tuple(
        Column(label, round(slot * (place + 0.12), 3), round(slot * 0.76, 3), stacked(stack, top))
        for place, (label, stack) in enumerate(zip(labels, stacks, strict=True))
    )


def line(values: Sequence[float | None], top: float) -> str:
    """Return the points of a line through the middles of the slots; what is unknown is passed over.

    A single point comes twice: a line needs two to be drawn, here as a dot.
    """
    slot = FULL / max(1, len(values))
    known = ((slot * (place + 0.5), value) for place, value in enumerate(values) if value is not None)
    points = [f"{x:.2f},{FULL - FULL * value / top:.2f}" for x, value in known]
    return " ".join(points * 2 if len(points) == 1 else points)


def top_of(most: float) -> float:
    """Return the height of a plot of counts: the least of 4, 8, 12, 20, 40, 80, 120 ... that holds `most`."""
    if most <= TICKS:
        return float(TICKS)
    power = 10.0 ** math.floor(math.log10(most / TICKS))
    return next(TICKS * step * power for step in (1, 2, 3, 5, 10) if TICKS * step * power >= most)


TIME_STEPS = (15, 30, 60, 150, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400)
"""Seconds between two lines across, which people can read."""


def top_of_time(most: float) -> float:
    """Return the height of a plot of lengths of time, in seconds: four readable steps that hold `most` seconds."""
    step = next((step for step in TIME_STEPS if TICKS * step >= most), None)
    return float(TICKS * (step or 86_400 * math.ceil(most / TICKS / 86_400)))


def steps(top: float) -> list[float]:
    """Return the values at the lines across, the highest first."""
    return [top * place / TICKS for place in range(TICKS, -1, -1)]
