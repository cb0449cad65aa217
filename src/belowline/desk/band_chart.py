"""The drawings of the page Bands: everything that waits as dots over its score, and each rule as a small outline."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, sqrt
from typing import NamedTuple

from belowline.engine.policy import Rule
from belowline.moderation.bands import PER_CENT, Band, Spread

PITCH = 7
"""From the middle of a dot to that of the next, in the drawing's own units."""
COLUMNS = PER_CENT + 1
ROWS = 24
"""So many dots stand above each other at most."""
TOP, FLOOR = 12, ROWS * PITCH + 12
WIDTH, HEIGHT = COLUMNS * PITCH, FLOOR + 2
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""So many comments one dot may stand for."""
CUT_OFF_SHARE = 0.08
"""This share of the columns may be higher than the drawing: that at 0 per cent would often flatten all others."""
SMALL_WIDTH, SMALL_HEIGHT, SMALL_BINS = 100, 22, 25
TABLE_STEP = 10


class Line(NamedTuple):
    """A threshold of the policy that acts, in the drawing's own units."""

    x: float
    kind: str
    """`hold`, `reject`, or `section`: another `hold` for one section."""
    words: str


class Part(NamedTuple):
    """A row of the table that says what the drawing shows."""

    low: int
    high: int
    number: int


class BandChart(NamedTuple):
    """What the template draws."""

    width: int
    height: int
    floor: int
    dots: str
    """The path of all dots: one dashed line a column."""
    cut: list[float]
    """Where a column is higher than the drawing."""
    per_dot: int
    """So many comments one dot stands for at most."""
    x: float
    span: float
    """Where the band begins, and how wide it is."""
    lines: list[Line]
    parts: list[Part]


def band_chart(spread: Spread, band: Band) -> BandChart:
    """Lay out the drawing of one rule."""
    per_dot = dot_size(spread.columns)
    tops = [ceil(count / per_dot) for count in spread.columns]
    return BandChart(
        width=WIDTH,
        height=HEIGHT,
        floor=FLOOR,
        dots="".join(_column(place, min(top, ROWS)) for place, top in enumerate(tops) if top),
        cut=[PITCH * (place + 0.5) for place, top in enumerate(tops) if top > ROWS],
        per_dot=per_dot,
        x=0 if band.is_unchecked else PITCH * band.low,
        span=0 if band.is_unchecked else PITCH * (band.high - band.low + 1),
        lines=thresholds(spread.rule),
        parts=parts(spread.columns),
    )


def dot_size(columns: Sequence[int]) -> int:
    """Return how many comments a dot stands for, so that all columns but the very highest fit."""
    heights = sorted(count for count in columns if count)
    if not heights:
        return 1
    tallest = heights[max(0, len(heights) - 1 - max(1, int(len(heights) * CUT_OFF_SHARE)))]
    # One that is only a little higher than the others is no reason to cut it off.
    tallest = heights[-1] if heights[-1] <= 2 * tallest else tallest
    return next((step for step in STEPS if tallest <= step * ROWS), STEPS[-1])


def thresholds(rule: Rule) -> list[Line]:
    """Return the lines of a rule's thresholds with their words, from left to right."""
    lines = [Line(_edge(rule.hold), "hold", f"A person decides from {percent(rule.hold)} on")]
    lines += [
        Line(_edge(hold), "section", f"in {section or 'stories without a section'} from {percent(hold)} on")
        for section, hold in rule.hold_in.items()
    ]
    if rule.reject is not None:
        lines.append(Line(_edge(rule.reject), "reject", f"the machine rejects from {percent(rule.reject)} on"))
    return lines


def percent(value: float) -> str:
    """Return a score in [0, 1] as per cent, as short as it can be said."""
    return f"{value * PER_CENT:.3g}\N{NO-BREAK SPACE}%"


def parts(columns: Sequence[int]) -> list[Part]:
    """Return how many comments lie in each tenth; what lies at 100 per cent belongs to the last."""
    cuts = [*range(0, PER_CENT, TABLE_STEP), PER_CENT + 1]
    return [Part(low, min(PER_CENT, high - 1), sum(columns[low:high])) for low, high in pairwise(cuts)]


def outline(columns: Sequence[int]) -> str:
    """Return the path of a rule's small drawing; heights grow with the root, so that few are seen beside many."""
    step = len(columns) / SMALL_BINS
    bins = [sum(columns[round(place * step) : round((place + 1) * step)]) for place in range(SMALL_BINS)]
    highest, wide = sqrt(max(bins)) or 1.0, SMALL_WIDTH / SMALL_BINS
    tops = (max(1.5, SMALL_HEIGHT * sqrt(count) / highest) if count else 0 for count in bins)
    bars = [
        f"M{wide * place:g} {SMALL_HEIGHT}v-{top:.1f}h{wide - 1:g}V{SMALL_HEIGHT}z"
        for place, top in enumerate(tops)
        if top
    ]
    return "".join(bars)


def small_edge(value: float) -> float:
    """Return where a score in [0, 1] lies in the small drawing."""
    return round(SMALL_WIDTH * value, 1)


def _column(place: int, dots: int) -> str:
    """Return a line up from the floor that is drawn as round dashes, one a dot."""
    return f"M{PITCH * (place + 0.5):g} {FLOOR - PITCH / 2:g}v-{PITCH * (dots - 1) + 0.1:g}"


def _edge(value: float) -> float:
    return round(PITCH * min(COLUMNS, value * PER_CENT), 1)
