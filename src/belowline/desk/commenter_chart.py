"""What a commenter wrote week by week, as a drawing: published upwards, refused downwards."""

from typing import NamedTuple

from belowline.moderation.commenters import Week

WIDTH, HEIGHT = 520, 96
MIDDLE = 58
"""Where nothing stands: above it what was published or waits, below it what was refused."""
GAP = 4


class Bar(NamedTuple):
    """A rectangle of the drawing, in its own units."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    words: str


class WeekChart(NamedTuple):
    """The drawing; None in its place where nothing was written."""

    width: int
    height: int
    middle: int
    bars: list[Bar]
    weeks: list[Week]
    summary: str


def week_chart(weeks: list[Week]) -> WeekChart | None:
    """Return the drawing of these weeks, the oldest first; None: nothing was written in them."""
    most = max((max(week.published + week.waiting, week.refused) for week in weeks), default=0)
    if not most:
        return None
    step = WIDTH / len(weeks)
    bars: list[Bar] = []
    for place, week in enumerate(weeks):
        bars += _bars(week, place * step + GAP / 2, step - GAP, most)
    total = sum(week.published + week.refused + week.waiting for week in weeks)
    refused = sum(week.refused for week in weeks)
    busiest = max(weeks, key=lambda week: week.published + week.refused + week.waiting)
    summary = (
        f"{total:,} comments in {len(weeks)} weeks, {refused:,} refused; most in the week of {busiest.monday:%-d %B}."
    )
    return WeekChart(WIDTH, HEIGHT, MIDDLE, bars, weeks, summary)


def _bars(week: Week, x: float, width: float, most: int) -> list[Bar]:
    """Return the bars of one week: what was published stands on the line, what waits on top of it, refused below."""
    up, down = (MIDDLE - 2) / most, (HEIGHT - MIDDLE - 2) / most
    day = f"{week.monday:%-d %b}"
    published, waiting, refused = week.published * up, week.waiting * up, week.refused * down
    found = [
        Bar("published", x, MIDDLE - published, width, published, f"{day}: {week.published} published"),
        Bar("waiting", x, MIDDLE - published - waiting, width, waiting, f"{day}: {week.waiting} waiting"),
        Bar("refused", x, MIDDLE + 1, width, refused, f"{day}: {week.refused} refused"),
    ]
    return [bar._replace(x=round(bar.x, 1), y=round(bar.y, 1)) for bar in found if bar.height]
