"""Is a broken promise noticed, and only a broken one? The drill on made-up newsrooms whose true rates are known.

    python tests/bench/watching.py --draws 1000 --plot docs/explanation/watching.svg

Every newsroom has three rules, and cut-offs under which 0.5 % of what it publishes would be refused; promised is 1 % at
95 %. Chance draws 2 % of 4,000 comments a week for audits. In the first table nothing changes for a year. In the second
the moderators' labels drift after five good weeks. Prints Markdown tables.
"""

import argparse
import sys
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tiny"))
from tiny_newsroom import CONFIDENCE, LIMIT, WEEK, Newsroom

from belowline.engine.guarantees import upper_bound
from belowline.engine.watching import watch

WEEKS_BEFORE, WEEKS_IN_A_YEAR, WITHIN = 5, 52, 200
DELTA = 1 - CONFIDENCE
DRIFTS = {
    "stricter taste, which the scores see": {"shift": 0.12},
    "much stricter taste, which the scores see": {"shift": 0.15},
    "3.5 % of all, whatever the scores": {"more": 0.035},
    "5.5 % of all, whatever the scores": {"more": 0.055},
    "7.5 % of all, whatever the scores": {"more": 0.075},
}


class Drill(NamedTuple):
    """What came of all draws of one drift."""

    name: str
    rate: float
    """The true share of errors after the drift, under the old cut-offs."""
    noticed: float
    """Share of draws in which the band was widened within WITHIN audits after the drift."""
    early: float
    """And in which it was widened before anything had drifted."""
    audits: list[int]
    """Audits from the drift to the alarm."""
    naive: float
    """Share of draws in which the share of errors of all audits together exceeded the promise with certainty."""
    all_held: float
    """Share of the widened ones in which nothing is published by machine any more."""
    left: float
    """In the others: what is still published of what was, on average."""
    after: float
    """In the others: the true share of errors under the new cut-offs, on average."""


def main() -> None:
    """Run everything and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--plot", type=Path, help="Also draw the drill into this SVG file.")
    given = parser.parse_args()
    begun = time.perf_counter()
    print(quiet_table(given.draws, given.seed))
    drills = [drill(name, given.draws, given.seed) for name in DRIFTS]
    print(drill_table(drills, given.draws))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    if given.plot:
        given.plot.write_text(draw(drills, given.draws) + "\n", "utf-8")


def quiet_table(draws: int, seed: int) -> str:
    """Return how often a year in which nothing changes raises an alarm, and how often a naive look each week does."""
    lines = [
        f"| true share of errors | audits in a year | false alarms, of {draws:,} draws | a 95% test each week |",
        "|---|---|---|---|",
    ]
    for rate in (0.25 * LIMIT, 0.5 * LIMIT, LIMIT):
        random = np.random.default_rng([seed, int(rate * 1e6)])
        alarms = naive = 0
        count = WEEKS_IN_A_YEAR * WEEK
        for _ in range(draws):
            errors = random.random(count) < rate
            alarms += watch(errors.tolist(), LIMIT, DELTA).is_broken
            weeks = errors.cumsum()[WEEK - 1 :: WEEK].tolist()
            naive += any(surely_more(wrong, WEEK * number) for number, wrong in enumerate(weeks, 1))
        lines.append(f"| {rate:.2%} | {count:,} | {alarms / draws:.1%} | {naive / draws:.1%} |")
    return "\n".join(lines).replace("%", " %") + "\n"


@cache
def surely_more(wrong: int, n: int) -> bool:
    """Whether an exact 95 % test on all audits so far says that the share is above the promise."""
    return 1 - upper_bound(n - wrong, n, DELTA) > LIMIT


def drill(name: str, draws: int, seed: int) -> Drill:
    """Five good weeks, then the labels drift."""
    newsroom = Newsroom()
    random = np.random.default_rng([seed, len(name), draws])
    before, rate = WEEKS_BEFORE * WEEK, newsroom.rate(newsroom.hold, **DRIFTS[name])
    early = noticed = naive = 0
    audits, after, left = [], [], []
    for _ in range(draws):
        stream = newsroom.audits(random, before) + newsroom.audits(random, 800, **DRIFTS[name])
        errors = [not past.is_good for past in stream]
        seen = watch(errors, LIMIT, DELTA)
        naive += surely_more(sum(errors[: before + WITHIN]), before + WITHIN)
        if seen.broken_at is None:
            continue
        if seen.broken_at <= before:
            early += 1
            continue
        audits.append(seen.broken_at - before)
        noticed += audits[-1] <= WITHIN
        hold = newsroom.widened(stream[: seen.broken_at], seen.since)
        if newsroom.passed(hold).any():
            after.append(newsroom.rate(hold, **DRIFTS[name]))
            left.append(newsroom.published(hold) / newsroom.published(newsroom.hold))
    return Drill(
        name,
        rate,
        noticed / draws,
        early / draws,
        audits,
        naive / draws,
        1 - len(after) / len(audits),
        float(np.mean(left)),
        float(np.mean(after)),
    )


def drill_table(drills: list[Drill], draws: int) -> str:
    """Return the Markdown table."""
    heads = (
        "what drifts",
        "errors then",
        f"widened within {WITHIN} audits, of {draws:,} draws",
        "audits until then: half, nine in ten",
        "one test on all audits together",
        "all is held",
        "else: still published",
        "else: errors",
    )
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for one in drills:
        half, most = np.quantile(one.audits, [0.5, 0.9])
        cells = (
            one.name.replace(" %", "%"),
            f"{one.rate:.1%}",
            f"{one.noticed:.1%}",
            f"{half:.0f}, {most:.0f}",
            f"{one.naive:.1%}",
            f"{one.all_held:.0%}",
            f"{one.left:.0%}",
            f"{one.after:.1%}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines).replace("%", " %")


def draw(drills: list[Drill], draws: int) -> str:
    """Return the SVG: in how many draws the band is wider, by the audits since the drift."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    from belowline.lab import charts

    with rc_context(charts.SETTINGS):
        figure = Figure(figsize=(6.4, 3.8), layout="constrained")
        axes = figure.add_subplot()
        styles = [(charts.FIRST, "-"), (charts.FIRST, (0, (4, 2)))] + [
            (charts.SECOND, style) for style in ((0, (1, 2)), (0, (4, 2)), "-")
        ]
        for one, (colour, style) in zip(drills, styles, strict=True):
            steps = np.arange(401)
            share = np.searchsorted(np.sort(one.audits), steps, side="right") / draws
            axes.plot(steps, share, color=colour, linestyle=style, linewidth=1.6, label=label_of(one))
        axes.axvline(WITHIN, color=charts.INK, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.set(xlabel="audits since the drift", ylabel=f"widened, of {draws:,} draws", ylim=(-0.02, 1.02))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol="\N{NO-BREAK SPACE}%", decimals=0))
        axes.grid(color=charts.LINE, linewidth=0.8)
        charts.plain(axes)
        charts.legend_below(figure, ncols=2, columnspacing=1)
        return charts.as_file(charts.as_svg(figure, "watching"))


def label_of(one: Drill) -> str:
    """Return what the legend says of a drift: short, for readers' fonts are wider than matplotlib knows."""
    seen = "the scores see it" if "shift" in DRIFTS[one.name] else "they do not"
    return f"{100 * one.rate:.1f}\N{NO-BREAK SPACE}% errors, {seen}"


if __name__ == "__main__":
    main()
