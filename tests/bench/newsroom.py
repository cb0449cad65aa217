"""A simulated newsroom: test sets as comments, their labels as moderators. What does calibration make of the policy?

    python tests/bench/newsroom.py --data DATA --cache FOLDER --plot docs/explanation/simulated-newsroom.svg

Each draw puts the comments of a set into another order. The first two thirds are the history that is calibrated on, the
last third the comments to come, which are held against the labels: the truth. Moderators differ from the truth in 5 %
of their decisions, at random. Prints Markdown tables.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from scored import NAMES, default_cache, load_set

from belowline.engine.cutoffs import Past, cutoffs_of, tabulate
from belowline.engine.guarantees import Promise, calibrate, measure, upper_bound
from belowline.engine.judge import Engine
from belowline.engine.policy import load_policy

PROMISE = Promise(bad_published=0.01, good_refused=0.005, confidence=0.95)
NOISE = 0.05
"""How often a moderator decides against the truth."""
SHOWN = 0.5
"""A comment is to be refused when this share of raters gave it one of the labels of its set."""
ABUSE = ("toxicity", "severe_toxicity", "insult", "profanity", "threat", "identity_attack")


class Set(NamedTuple):
    """A set of comments with the truth about each."""

    scored: object
    refused: np.ndarray
    thinned: float | None = None
    """Refused comments are drawn so that they are this share of all; None: as many as there are."""
    future: "Set | None" = None
    """Where given, all comments of the set are history, and these are those to come."""


class Way(NamedTuple):
    """How a history comes about."""

    name: str
    noise: float
    moderators: int
    """2: two decide each comment, each for themselves, and only what they agree on is history."""
    promise: Promise


WAYS = (
    Way("no noise", 0.0, 1, PROMISE),
    Way("5 % noise, one moderator", NOISE, 1, PROMISE),
    Way("5 % noise, one moderator, promise 5.9 %", NOISE, 1,
        msgspec.structs.replace(PROMISE, bad_published=0.01 + NOISE * (1 - 2 * 0.01))),
    Way("5 % noise, two moderators who agree", NOISE, 2, PROMISE),
)  # fmt: skip
"""5.9 % are what moderators would refuse of published comments of which 1 % are bad, and who err in 5 %."""


class Row(NamedTuple):
    """What one draw gave: the comments to come under a policy, held against the truth."""

    set: str
    way: str
    """Empty: the policy that is shipped."""
    proven: bool
    coverage: float
    bad: tuple[int, int]
    """Bad ones among the published, and the published."""
    bad_bound: float
    good: tuple[int, int]
    """Rejected ones among the good, and the good."""
    good_bound: float


def main():
    """Run everything and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=default_cache(), help="Where scores are kept.")
    parser.add_argument("--draws", type=int, default=50)
    parser.add_argument("--plot", type=Path, help="Also draw the figures into this SVG file.")
    given = parser.parse_args()
    rows, worlds = [], sets(given.data, given.cache)
    for name, one in worlds.items():
        begun = time.perf_counter()
        for seed in range(given.draws):
            rows += simulate(name, one, seed)
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    print(table(rows))
    print(ceiling(worlds["the same, then wikiconv_cat"].future))
    if given.plot:
        given.plot.write_text(draw(rows) + "\n", "utf-8")


def sets(data, cache):
    """Return the sets by name."""
    engine = Engine.load()
    talk, kept, insults, news = (
        load_set(data, name, cache, engine)
        for name in ("jigsaw_test", "wikiconv_kept", "impermium", "toxic_spans_test")
    )
    toxic = talk.label("toxicity") >= SHOWN
    natural = float((kept.label("toxicity") >= SHOWN).mean())
    return {
        "talk, as it comes": Set(talk, toxic, natural),
        "the same, then wikiconv_cat": Set(talk, toxic, natural, Set(kept, kept.label("toxicity") >= SHOWN)),
        "talk, one in ten bad": Set(talk, toxic, 0.1),
        "talk, enriched (jigsaw_test)": Set(talk, toxic),
        "news sites (impermium)": Set(insults, insults.label("insult") >= SHOWN),
        "news sites, all toxic (toxic_spans_test)": Set(news, news.label(*ABUSE) >= SHOWN),
    }


def policy():
    """Return the policy that is shipped without the rule about the topic: these comments have no article."""
    shipped = load_policy()
    return msgspec.structs.replace(
        shipped, rules={code: rule for code, rule in shipped.rules.items() if rule.score != "off_topic"}
    )


def simulate(name, one, seed):
    """Return the rows of one draw: the shipped policy, and what each way of deciding makes of it."""
    random = np.random.default_rng([seed, len(one.refused)])
    order = random.permutation(drawn(one, random))
    cut = len(order) if one.future else len(order) * 2 // 3
    past, later, acting = order[:cut], order[cut:], policy()
    world, places = (one.future, range(len(one.future.refused))) if one.future else (one, later)
    table = tabulate(acting, [decision(world, place, world.refused[place]) for place in places])
    rows = [row(name, "", table, cutoffs_of(acting), proven=False)]
    for way in WAYS:
        found = calibrate(acting, history(one, past, way, random), way.promise)
        rows.append(row(name, way.name, table, found.cutoffs, proven=found.status == "calibrated"))
    return rows


def drawn(one, random):
    """Return the places of the comments of a draw."""
    bad, good = np.flatnonzero(one.refused), np.flatnonzero(~one.refused)
    if one.thinned is None:
        return np.concatenate((bad, good))
    count = round(len(good) * one.thinned / (1 - one.thinned))
    return np.concatenate((random.choice(bad, count, replace=False), good))


def history(one, past, way, random):
    """Return the decisions of moderators who differ from the truth now and then."""
    turned = random.random((2, len(past))) < way.noise
    known = turned[0] == turned[1] if way.moderators == 2 else np.ones(len(past), dtype=bool)
    said = one.refused[past] ^ turned[0]
    return [
        decision(one, place, refused) for place, refused, is_known in zip(past, said, known, strict=True) if is_known
    ]


def decision(one, place, refused):
    """Return a comment with what was decided about it."""
    return Past(scores=one.scored.past_scores(place), is_good=not refused)


def row(name, way, table, found, *, proven):
    """Return what cut-offs do with the comments to come."""
    figures = measure(table, found, PROMISE.delta)
    bad, good = figures.bad_published, figures.good_refused
    pairs = (bad.errors, bad.of), bad.bound, (good.errors, good.of), good.bound
    return Row(name, way, proven, figures.coverage, *pairs)


def table(rows):
    """Return two Markdown tables: the first draw with its bounds, and all draws together."""
    lines = [
        "| comments | policy | settled | bad among published | bound | good, but rejected | bound |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in dict.fromkeys(one.set for one in rows):
        for way in ("", WAYS[0].name):
            one = next(one for one in rows if (one.set, one.way) == (name, way))
            label = "calibrated" if one.proven else "not proven: as shipped" if way else "as shipped"
            cells = f"{counted(one.bad)} | {share(one.bad_bound)} | {counted(one.good)} | {share(one.good_bound)}"
            lines.append(f"| {name} | {label} | {share(one.coverage)} | {cells} |")
    lines += [
        "",
        "| comments | history | proven | settled | bad among published | draws above 1 % | good, but rejected |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, way in dict.fromkeys((one.set, one.way) for one in rows):
        own = [one for one in rows if (one.set, one.way) == (name, way)]
        lines.append(f"| {name} | {way or '– (as shipped)'} | {together(own, is_shipped=not way)} |")
    return "\n".join(lines)


def ceiling(one):
    """Return what publishing the comments of lowest toxicity would give: the most that this score allows."""
    order = np.argsort(one.scored.scores[:, NAMES.index("toxicity")], kind="stable")
    lines = ["", "| published, the lowest toxicity first | bad among published | bound |", "|---|---|---|"]
    for part in (0.8, 0.9, 1.0):
        chosen = order[: round(part * len(order))]
        bad = int(one.refused[chosen].sum())
        lines.append(
            f"| {100 * part:.0f} % | {counted((bad, len(chosen)))} | {share(upper_bound(bad, len(chosen), 0.05))} |"
        )
    return "\n".join(lines)


def together(own, *, is_shipped):
    """Return the cells of all draws of one set and one way; figures are of the draws in which cut-offs were proven."""
    acting = own if is_shipped else [one for one in own if one.proven]
    proven = "–" if is_shipped else f"{len(acting)} of {len(own)}"
    if not acting:
        return f"{proven} | – | – | – | –"
    bad, good = (np.array([getattr(one, key) for one in acting]).sum(axis=0) for key in ("bad", "good"))
    over = sum(one.bad[0] > PROMISE.bad_published * one.bad[1] for one in acting)
    coverage = np.mean([one.coverage for one in acting])
    return f"{proven} | {share(coverage)} | {share(bad[0] / max(1, bad[1]))} | {over} | {share(good[0] / good[1])}"


def counted(pair):
    """Return errors among comments, with their share."""
    return f"{pair[0]:,} of {pair[1]:,} = {share(pair[0] / pair[1]) if pair[1] else '–'}"


def share(value):
    """Return a share as per cent with two digits behind the point where it is small."""
    return f"{100 * value:.{2 if value < 0.1 else 1}f} %"


def draw(rows):
    """Return the SVG: for each set what is settled, and the bad ones among the published, shipped and calibrated."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from belowline.lab import charts

    names = list(dict.fromkeys(one.set for one in rows))
    with rc_context(charts.SETTINGS):
        figure = Figure(figsize=(6.8, 3.6), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        for offset, way, colour, label in (
            (-0.2, "", charts.SECOND, "as shipped"),
            (0.2, WAYS[0].name, charts.FIRST, "calibrated"),
        ):
            for place, name in enumerate(names):
                own = [one for one in rows if (one.set, one.way) == (name, way) and (one.proven or not way)]
                if not own:
                    left.annotate("not proven", (0.02, place + offset), va="center", fontsize=8, color=charts.QUIET)
                    continue
                bad = np.array([one.bad for one in own]).sum(axis=0)
                named = label if place == 0 else None
                left.barh(place + offset, np.mean([one.coverage for one in own]), 0.36, color=colour, label=named)
                right.barh(place + offset, bad[0] / bad[1], 0.36, color=colour)
        right.axvline(PROMISE.bad_published, color=charts.INK, linewidth=1.2, linestyle=(0, (4, 3)))
        left.set(xlabel="settled by machine", xlim=(0, 1))
        left.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        right.set(xlabel="bad among published", xscale="log", xlim=(0.001, 1))
        right.set_xticks([0.001, 0.01, 0.1, 1], ["0.1 %", "1 %", "10 %", "100 %"])
        right.minorticks_off()
        left.set_yticks(range(len(names)), [name.replace(" (", "\n(") for name in names], fontsize=9)
        left.invert_yaxis()
        for axes in (left, right):
            axes.xaxis.label.set_size(10)
            axes.tick_params(axis="x", labelsize=9)
            axes.grid(axis="x", color=charts.LINE, linewidth=0.8)
            charts.plain(axes)
        charts.legend_below(figure, ncols=2)
        return charts.as_file(charts.as_svg(figure, "newsroom"))


if __name__ == "__main__":
    main()
