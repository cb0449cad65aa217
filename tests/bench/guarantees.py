"""Are the promises of `belowline calibrate` kept? A simulation in worlds whose true rates are known.

    python tests/bench/guarantees.py --draws 1000 --plot docs/explanation/guarantees.svg

Each draw is another history. The cut-offs that it gives are held against the truth: against the chances with which
200,000 other comments of that world are refused. Beside it stands the naive choice: the laxest cut-offs of the same
path whose rate of errors on the newer half is within the limit, without a bound. Prints a Markdown table.
"""

import argparse
import math
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tiny"))
from tiny_history import Truth, World

from belowline.engine.cutoffs import NEVER, Cutoffs, hold_path
from belowline.engine.guarantees import Promise, choose, split

WORLDS = {
    "one rule": (World(1), Promise(bad_published=0.01, good_refused=0.005, confidence=0.95)),
    "three rules": (World(3), Promise(bad_published=0.01, good_refused=0.005, confidence=0.95)),
    "scores that say nothing": (
        World(1, flat=0.0102),
        Promise(bad_published=0.01, good_refused=0.0, confidence=0.95),
    ),
}
SIZES = (2_000, 5_000, 12_500)
MARKERS = ("o", "s", "D")


class Row(NamedTuple):
    """What came of all draws of one size in one world; shares are of all draws."""

    world: str
    decisions: int
    calibrated: float
    published: float
    """Mean share of comments that the machine publishes, where something was proven."""
    broken: float
    naive: float


def main() -> None:
    """Run everything and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--plot", type=Path, help="Also draw the figures into this SVG file.")
    given = parser.parse_args()
    rows = []
    for world in WORLDS:
        for decisions in SIZES:
            begun = time.perf_counter()
            rows.append(simulate(world, decisions, given.draws, given.seed))
            print(f"{world}, {decisions}: {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    print(table(rows, given.draws))
    if given.plot:
        given.plot.write_text(draw(rows, given.draws) + "\n", "utf-8")


def simulate(name: str, decisions: int, draws: int, seed: int) -> Row:
    """Draw histories of one world, and count."""
    world, promise = WORLDS[name]
    truth, random = Truth(world), np.random.default_rng([seed, decisions, world.rules])
    broken = naive = 0
    published = []
    for _ in range(draws):
        history = world.history(random, decisions)
        found = choose(history, world.given(), promise)
        if found is not None:
            published.append(truth.bad_published(found.hold)[1])
            broken += truth.is_broken(found, promise)
        hold = naive_hold(history, world, promise)
        naive += hold is not None and truth.bad_published(hold)[0] > promise.bad_published
    mean = float(np.mean(published)) if published else math.nan
    return Row(name, decisions, len(published) / draws, mean, broken / draws, naive / draws)


def naive_hold(history, world: World, promise: Promise):
    """Return the laxest holds whose rate of errors is within the limit; None: there are none."""
    parts = split(history)
    for hold in reversed(hold_path(parts.path, world.given().hold)):
        published = parts.test.published(hold)
        errors = int((published & ~parts.test.is_good).sum())
        if published.any() and errors <= promise.bad_published * published.sum():
            return Cutoffs(hold, np.full(world.rules, NEVER)).hold
    return None


def table(rows: list[Row], draws: int) -> str:
    """Return the Markdown table."""
    lines = [
        f"| world | decisions | proven | published | promise broken, of {draws:,} draws | naive choice broken |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        published = "-" if math.isnan(row.published) else f"{row.published:.1%}"
        shares = f"{row.calibrated:.1%} | {published} | {row.broken:.1%} | {row.naive:.1%}"
        lines.append(f"| {row.world} | {row.decisions:,} | {shares} |")
    return "\n".join(lines).replace("%", " %")


def draw(rows: list[Row], draws: int) -> str:
    """Return the SVG: how often the promise is broken, by the size of the history, beside what is allowed."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    from belowline.lab import charts

    with rc_context(charts.SETTINGS):
        figure = Figure(figsize=(6.4, 3.8), layout="constrained")
        axes = figure.add_subplot()
        for world, marker in zip(WORLDS, MARKERS, strict=True):
            own = [row for row in rows if row.world == world]
            sizes = [row.decisions for row in own]
            style = {"marker": marker, "markersize": 6, "linewidth": 1.5}
            axes.plot(sizes, [row.broken for row in own], color=charts.FIRST, label=f"proven, {world}", **style)
            naive = [row.naive for row in own]
            axes.plot(sizes, naive, color=charts.SECOND, linestyle=(0, (2, 2)), label=f"naive, {world}", **style)
        axes.axhline(0.05, color=charts.INK, linewidth=1.2, linestyle=(0, (4, 3)), label="allowed: 5 %")
        axes.set(xlabel="decisions in the history", ylabel=f"broken, of {draws:,} draws", ylim=(-0.02, 1.0))
        axes.set_xscale("log", base=2)
        axes.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol="\N{NO-BREAK SPACE}%", decimals=0))
        axes.grid(color=charts.LINE, linewidth=0.8)
        charts.plain(axes)
        charts.legend_below(figure, ncols=2)
        return charts.as_file(charts.as_svg(figure, "guarantees"))


if __name__ == "__main__":
    main()
