"""What does `belowline learn` gain a newsroom whose taste is not that of the shipped model?

    python tests/bench/learn.py --data DATA --cache FOLDER --plot docs/explanation/learning.svg

Two newsrooms are made of public data that the model has not learned from. Each decides about its comments in a random
order; from the first 2,000 decisions it learns as `belowline learn` does (1,400 teach, 600 test); the rest are its own
later comments, on which the gain is measured. Repeated for several orders; prints Markdown tables.
"""

import argparse
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scored import Scored, default_cache, load_set

from belowline.engine.cutoffs import Past
from belowline.engine.judge import Engine
from belowline.engine.learning import BASE_SCORES, Learner, Lesson, auc, gain_interval, learn, log_odds_mix, split
from belowline.engine.policy import load_policy
from belowline.lab.metrics import expected_calibration_error

DECISIONS = 2_000
SIZES = (500, 1_000, 2_000)
SHOWN = 0.5
"""A label counts from this share of raters on."""
THOSE_WHO_GOVERN = re.compile(
    r"\b(trump|donald|clinton|clintons|hillary|obama|bush|pence|palin|sessions|cruz|putin|trudeau|harper|president|"
    r"senators?|governors?|mayor|premier|ministers?|politicians?|congress|government|party|gop|ndp|dems?|"
    r"democrats?|republicans?|liberals?|conservatives?|council)\b",
    re.IGNORECASE,
)


class Newsroom(NamedTuple):
    """Comments, and what its moderators refuse."""

    name: str
    scored: Scored
    refused: np.ndarray


class Row(NamedTuple):
    """What one order of the decisions gave: areas under the ROC curve on the later comments."""

    name: str
    decisions: int
    status: str
    later: int
    rival: str
    rival_auc: float
    mix_auc: float
    head_auc: float
    low: float
    high: float
    """The 95 % interval of the gain over the best score."""
    mix_low: float
    """The lower end of that over the mix."""
    error: float
    """Expected calibration error of the head's scores."""


def main():
    """Run everything and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=default_cache(), help="Where scores are kept.")
    parser.add_argument("--orders", type=int, default=5)
    parser.add_argument("--plot", type=Path, help="Also draw the figures into this SVG file.")
    given = parser.parse_args()
    engine = Engine.load()
    rooms = [personal(given.data, given.cache, engine), political(given.data, given.cache, engine)]
    rows = []
    for room in rooms:
        for size in SIZES:
            orders = given.orders if size == DECISIONS else max(1, given.orders // 2)
            rows += [measure(room, engine, size, seed) for seed in range(orders)]
    print(table(rows))
    if given.plot:
        given.plot.write_text(draw(rows) + "\n", "utf-8")


def personal(data, cache, engine):
    """Refuses insults to the person spoken to, and nothing else: the labels of `impermium`."""
    scored = load_set(data, "impermium", cache, engine)
    return Newsroom("to your face", scored, scored.label("insult") >= SHOWN)


def political(data, cache, engine):
    """Lets those who govern be insulted: refuses swearing, threats, attacks on groups, and insults to others.

    Comments on news sites by `toxic_spans_test` and the rows of `civil_spans` kept apart, and talk by the rows of
    `wikiconv_cat` kept apart. An insult is tolerated when the comment names one who governs (THOSE_WHO_GOVERN).
    """
    parts = [load_set(data, name, cache, engine) for name in ("toxic_spans_test", "civil_kept", "wikiconv_kept")]
    scored = Scored(
        [row for part in parts for row in part.rows],
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.traits for part in parts]),
    )
    names = np.array([bool(THOSE_WHO_GOVERN.search(row.text)) for row in scored.rows])
    grave = scored.label("profanity", "threat", "identity_attack") >= SHOWN
    return Newsroom("politics is rough", scored, grave | ((scored.label("insult") >= SHOWN) & ~names))


def measure(room, engine, size, seed):
    """Learn from the first `size` decisions of one order, and measure on what comes after DECISIONS."""
    order = np.random.default_rng([seed, len(room.refused)]).permutation(len(room.refused))
    past, later = order[:size], order[DECISIONS:]
    given = [lesson(room, place) for place in past]
    learner = Learner(policy=load_policy(), base=engine.abuse.version, pooled=engine.abuse.pooled_width)
    report, head = learn(learner, given, seed=seed)
    refused = room.refused[later]
    best = BASE_SCORES.index(report.gain.rival)
    theirs = np.nan_to_num(room.scored.scores[later, best])
    mixed = log_odds_mix(split(given)[0], [lesson(room, place) for place in later])
    own = head.log_odds(room.scored.traits[later])
    low, high = gain_interval(own, theirs, refused, seed=seed)
    mix_low, _ = gain_interval(own, mixed, refused, seed=seed)
    areas = [auc(values, refused) for values in (theirs, mixed, own)]
    error = expected_calibration_error(refused.astype(float), head.scores(room.scored.traits[later]))
    return Row(room.name, size, report.status, len(later), report.gain.rival, *areas, low, high, mix_low, error)


def lesson(room, place):
    """Return a comment with the decision about it."""
    past = Past(scores=room.scored.past_scores(place), is_good=not room.refused[place])
    return Lesson(past, room.scored.traits[place])


def table(rows):
    """Return the Markdown table: means over the orders."""
    heads = (
        *("newsroom", "decisions", "later comments", "best score", "mix of all scores", "head", "gain"),
        *("95 % interval", "gain over the mix", "calibration error", "accepted"),
    )
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name, size in dict.fromkeys((row.name, row.decisions) for row in rows):
        own = [row for row in rows if (row.name, row.decisions) == (name, size)]
        rival, mix, head, low, high, mix_low, error = (
            float(np.mean([getattr(row, key) for row in own]))
            for key in ("rival_auc", "mix_auc", "head_auc", "low", "high", "mix_low", "error")
        )
        taken = sum(row.status == "accepted" for row in own)
        which = ", ".join(sorted({row.rival for row in own}))
        lines.append(
            f"| {name} | {size:,} | {own[0].later:,} | {rival:.3f} (`{which}`) | {mix:.3f} | {head:.3f} | "
            f"{100 * (head - rival):+.1f} | {100 * low:+.1f} to {100 * high:+.1f} | "
            f"{100 * (head - mix):+.1f} (from {100 * mix_low:+.1f}) | {error:.3f} | {taken} of {len(own)} |"
        )
    return "\n".join(lines)


def draw(rows):
    """Return the SVG: AUC on later comments by the number of decisions, for each newsroom."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from belowline.lab import charts

    names = list(dict.fromkeys(row.name for row in rows))
    with rc_context(charts.SETTINGS):
        figure = Figure(figsize=(6.4, 3.4), layout="constrained")
        for place, name in enumerate(names, 1):
            axes = figure.add_subplot(1, len(names), place)
            for key, label, colour, marker in (
                ("head_auc", "head", charts.FIRST, "o"),
                ("mix_auc", "mix of all scores", charts.SECOND, "s"),
                ("rival_auc", "best score", charts.THIRD, "D"),
            ):
                own = [
                    [getattr(row, key) for row in rows if (row.name, row.decisions) == (name, size)] for size in SIZES
                ]
                means = [np.mean(values) for values in own]
                axes.plot(SIZES, means, color=colour, marker=marker, markersize=6, linewidth=1.5, label=label)
            axes.set(title=name, xlabel="decisions", ylabel="AUC on later comments" if place == 1 else "")
            axes.title.set_color(charts.INK)
            axes.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
            axes.grid(color=charts.LINE, linewidth=0.8)
            charts.plain(axes)
        handles, labels = axes.get_legend_handles_labels()
        charts.legend_below(figure, handles=handles, labels=labels, ncols=3)
        return charts.as_file(charts.as_svg(figure, "learning"))


if __name__ == "__main__":
    main()
