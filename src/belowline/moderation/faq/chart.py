"""The bars of the waiting times, laid out for an SVG; the template only draws them."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from belowline.moderation.faq.words import duration
from belowline.moderation.period import HourWait

WIDTH, HEIGHT = 400, 172
LEFT, RIGHT, TOP, BOTTOM = 64, 4, 12, 26
"""Room around the bars, in units of the drawing."""
STEPS = (5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440, 2880)
"""Minutes between two lines, of which the shortest that needs at most four is taken."""
MOST_LINES = 4
LABELLED = 3
"""Every third hour bears its name."""
GAP = 3.0


class Bar(NamedTuple):
    """An hour's bar, or the mark where there are too few decisions."""

    hour: int
    x: float
    y: float
    width: float
    height: float
    label: str
    """The hour, where it is written below; else empty."""
    middle: float
    is_known: bool


class Line(NamedTuple):
    """A line across, with its words."""

    y: float
    label: str


class Chart(NamedTuple):
    """Everything that is drawn."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    left: int
    right: int
    base: int


def wait_chart(waits: Sequence[HourWait]) -> Chart | None:
    """Return the drawing of the waits; None where no hour has enough decisions."""
    known = [wait.median for wait in waits if wait.median is not None]
    if not known:
        return None
    step = _step(max(known))
    most = step * max(1, math.ceil(max(known) / step))
    base = HEIGHT - BOTTOM
    lines = tuple(
        Line(round(base - (base - TOP) * (step * number / most), 1), duration(step * number))
        for number in range(1, round(most / step) + 1)
    )
    slot = (WIDTH - LEFT - RIGHT) / len(waits)
    bars = tuple(_bar(wait, LEFT + slot * place, slot, base, most) for place, wait in enumerate(waits))
    return Chart(bars, lines, WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, base)


def _step(longest: timedelta) -> timedelta:
    steps = (timedelta(minutes=minutes) for minutes in STEPS)
    days = timedelta(days=math.ceil(longest / timedelta(days=MOST_LINES)))
    return next((step for step in steps if longest <= MOST_LINES * step), days)


def _bar(wait: HourWait, x: float, slot: float, base: int, most: timedelta) -> Bar:
    share = wait.median / most if wait.median is not None else 0.0
    height = max(1.0, (base - TOP) * share)
    label = f"{wait.hour:02d}" if wait.hour % LABELLED == 0 else ""
    return Bar(
        hour=wait.hour,
        x=round(x + GAP / 2, 1),
        y=round(base - height, 1),
        width=round(slot - GAP, 1),
        height=round(height, 1),
        label=label,
        middle=round(x + slot / 2, 1),
        is_known=wait.median is not None,
    )
