"""The plot of the page Guarantees: each week's share of errors with its bounds, against what was promised."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from belowline.moderation.watch_queries import WeekFigures

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 78, 12, 14, 34
TICKS = 4
ROOM = 3
"""The plot reaches at least to so many times what was promised, however few the errors are."""


class Bar(NamedTuple):
    """One week, in pixels; y counts from the top."""

    x: float
    monday: date
    label: str
    """Empty where the weeks stand too close for each to have one."""
    high: float
    low: float
    rate: float | None
    """None: nothing was reviewed."""
    is_cut: bool
    """Whether the upper bound lies above the plot."""


class Tick(NamedTuple):
    """A line across, in pixels, and its share in words."""

    y: float
    label: str


class BoundChart(NamedTuple):
    """What the template draws."""

    width: int
    height: int
    left: int
    right: int
    floor: int
    """Where the share is 0."""
    bars: list[Bar]
    ticks: list[Tick]
    promise: float
    path: str
    """The line through the upper bounds of all audits together up to each week: the points of an SVG polyline."""


def bound_chart(weeks: Sequence[WeekFigures], together: Sequence[float], limit: float) -> BoundChart:
    """Lay out the plot; `together` has the upper bound in [0, 1] of all audits up to each week, `limit` is promised."""
    top = highest(weeks, limit)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(weeks))
    places = [LEFT + step * (place + 0.5) for place in range(len(weeks))]
    every = 1 if len(weeks) <= 8 else 2  # noqa: PLR2004 - more labels would touch
    bars = [
        Bar(
            x=round(x, 1),
            monday=week.monday,
            label=f"{week.monday:%-d %b}" if (len(weeks) - 1 - place) % every == 0 else "",
            high=_y(min(week.bound, top), top),
            low=_y(min(week.least, top), top),
            rate=None if week.rate is None else _y(week.rate, top),
            is_cut=week.bound > top,
        )
        for place, (x, week) in enumerate(zip(places, weeks, strict=True))
    ]
    known = [(x, bound) for x, bound in zip(places, together, strict=True) if bound < 1]
    return BoundChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        floor=HEIGHT - BOTTOM,
        bars=bars,
        ticks=[Tick(_y(top * part / TICKS, top), percent(top * part / TICKS)) for part in range(TICKS + 1)],
        promise=_y(limit, top),
        path=" ".join(f"{x:.1f},{_y(min(bound, top), top)}" for x, bound in known),
    )


def highest(weeks: Sequence[WeekFigures], limit: float) -> float:
    """Return where the plot ends: above every share of errors, in steps that can be read."""
    most = max([ROOM * limit, *(1.3 * week.rate for week in weeks if week.rate is not None)])
    steps = (0.002, 0.004, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.16, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
    return next((step for step in steps if step >= most), 1.0)


def percent(share: float) -> str:
    """Return a share in [0, 1] as per cent, as short as it can be said."""
    return f"{100 * share:.3g}\N{NO-BREAK SPACE}%"


def _y(share: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share / top, 1)
