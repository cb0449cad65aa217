"""Charts of the on-topic judgement: figures with their intervals, and what doubt buys."""

from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from belowline.lab.charts import (
    FIRST,
    GROUND,
    LINE,
    QUIET,
    SECOND,
    SETTINGS,
    THIRD,
    WIDTH_INCHES,
    as_svg,
    plain,
    rows_of,
)
from belowline.lab.metrics import Estimate
from belowline.lab.topic_report import RiskPoint

MARKS = ((FIRST, "o"), (SECOND, "s"), (THIRD, "D"))
SPREAD = 0.24
"""How far the dots of one row lie apart, in rows."""

Row = tuple[str, Sequence[Estimate | None]]


def interval_chart(rows: Sequence[Row], name: str, start: float = 0.0) -> str:
    """Return a row of dots for each name, at most three, each with its 95 % interval; the scale begins at `start`."""
    with rc_context(SETTINGS):
        figure, axes = rows_of([label for label, _ in rows], 0.2)
        for place, (_, estimates) in enumerate(rows):
            for turn, found in enumerate(estimates):
                if found is None:
                    continue
                colour, marker = MARKS[turn]
                height = place + SPREAD * (turn - (len(estimates) - 1) / 2)
                axes.plot([found.low, found.high], [height, height], color=colour, linewidth=1.6, alpha=0.55)
                axes.plot(found.value, height, marker, color=colour, markersize=5.5, markeredgecolor=GROUND)
        axes.set_xlim(start, 1.01)
        axes.locator_params(axis="x", nbins=5)
        return as_svg(figure, name)


def risk_chart(points: Sequence[RiskPoint], name: str) -> str:
    """Return the share of wrong decisions over the share that the machine decides."""
    shown = [one for one in points if one.human < 1]
    decided = [1 - one.human for one in shown]
    risks = [one.risk for one in shown]
    percent = PercentFormatter(1.0, decimals=0, symbol="\N{NO-BREAK SPACE}%")
    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH_INCHES, 3.0), layout="constrained")
        axes = figure.add_subplot()
        plain(axes)
        axes.grid(color=LINE, linewidth=0.8)
        axes.plot(decided, risks, color=FIRST, linewidth=2)
        axes.plot(decided, risks, "o", color=FIRST, markersize=4, markeredgecolor=GROUND)
        axes.set(xlim=(-0.02, 1.02), xlabel="decided by the machine", ylabel="of these wrong")
        axes.set_ylim(0, max([*risks, 0.01]) * 1.1)
        axes.yaxis.label.set_color(QUIET)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(percent)
        return as_svg(figure, name)
