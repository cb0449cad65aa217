"""What the abuse rules of a policy do: `python -m belowline.lab.thresholds --data DIR [--policy FILE]`.

Prints, for every rule on an abuse score, how many ordinary comments it holds and how many abusive ones it finds.
Ordinary are news comments that moderators had published (the debates that training never saw) and Wikipedia talk kept
apart from training at its natural rate; abusive are the rows kept apart that carry the label.
"""

import argparse
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from belowline.engine.policy import ABUSE_SCORES, Rule, load_policy
from belowline.engine.signals.abuse import AbuseSignal
from belowline.lab.datasets import EVERY_COLOUR, Row
from belowline.lab.distinct import column, score_texts
from belowline.lab.encoder_rows import read_corpus
from belowline.lab.metrics import wilson

MAJORITY = 0.5
DEBATES = "test/topic/room_for_debate.jsonl.gz"
TALK, NEWS = "wikiconv_cat", "civil_spans"


class Debate(msgspec.Struct):
    """A published comment under a debate."""

    comment: str


class Comments(NamedTuple):
    """The comments that thresholds are measured on."""

    debates: list[str]
    talk: list[str]
    """Those of the natural rate that raters called not toxic."""
    kept_apart: list[Row]


class Effect(NamedTuple):
    """What a rule does: how many of how many comments reach its threshold."""

    rule: str
    hold: float
    debates: tuple[int, int]
    talk: tuple[int, int]
    news: tuple[int, int]
    """Of the news comments that most raters gave the label (to toxicity: at least .8)."""
    abusive: tuple[int, int]
    """Of all rows kept apart that carry the label."""


def read_comments(data: Path) -> Comments:
    """Read what is measured on.

    Raises:
        OSError: a file is missing.
    """
    with gzip.open(data / DEBATES, "rb") as lines:
        debates = [msgspec.json.decode(line, type=Debate).comment for line in lines]
    corpus = read_corpus(data, EVERY_COLOUR)
    kept = [row for row, held_out in zip(corpus.rows, corpus.held_out.tolist(), strict=True) if held_out]
    talk = [row.text for row in kept if row.source == TALK and row.labels.get("toxicity", 1.0) < MAJORITY]
    return Comments(debates, talk, kept)


def measure(rules: Mapping[str, Rule], comments: Comments, signal: AbuseSignal) -> list[Effect]:
    """Return the effect of each abuse rule, and of all together under the name "any"."""
    rules = {name: rule for name, rule in rules.items() if rule.score in ABUSE_SCORES and not rule.background}
    texts = [*comments.debates, *comments.talk, *(row.text for row in comments.kept_apart)]
    scores = score_texts(signal, texts)

    def held(texts: Sequence[str], *chosen: Rule) -> tuple[int, int]:
        hit = np.zeros(len(texts), dtype=bool)
        for rule in chosen:
            hit |= _scores(scores, texts, rule.score) >= rule.hold
        return int(hit.sum()), len(texts)

    effects = []
    for name, rule in rules.items():
        least = 0.8 if rule.score == "toxicity" else MAJORITY
        carrying = [row for row in comments.kept_apart if row.labels.get(rule.score, 0.0) >= least]
        news = [row.text for row in carrying if row.source == NEWS]
        found = held(news, rule), held([row.text for row in carrying], rule)
        effects.append(Effect(name, rule.hold, held(comments.debates, rule), held(comments.talk, rule), *found))
    bad = [row for row in comments.kept_apart if row.labels.get("toxicity", 0.0) >= 0.8]  # noqa: PLR2004 - as above
    news = [row.text for row in bad if row.source == NEWS]
    every = tuple(rules.values())
    totals = (held(texts, *every) for texts in (comments.debates, comments.talk, news, [row.text for row in bad]))
    return [*effects, Effect("any", 0.0, *totals)]


def _scores(scores: dict[str, dict[str, float]], texts: Sequence[str], name: str) -> NDArray[np.float64]:
    return column(scores, texts, name) if texts else np.zeros(0)


def show(effects: Sequence[Effect], console: Console) -> None:
    """Print the table, with 95 % intervals (Wilson 1927)."""
    table = Table("rule", "holds from", "debates held", "talk held", "abusive news found", "abusive rows found")
    for effect in effects:
        shares = (_share(*pair) for pair in (effect.debates, effect.talk, effect.news, effect.abusive))
        table.add_row(effect.rule, f"{effect.hold:.2f}" if effect.hold else "", *shares)
    console.print(table)


def _share(hits: int, cases: int) -> str:
    if not cases:
        return "-"
    found = wilson(hits, cases)
    return f"{found.value:.1%} of {cases} ({found.low:.1%}-{found.high:.1%})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.thresholds", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with train/ and test/")
    parser.add_argument("--policy", type=Path, help="another policy than the shipped one")
    parser.add_argument("--model", type=Path, help="the folder of another model than the shipped one")
    given = parser.parse_args(arguments)
    show(
        measure(
            dict(load_policy(given.policy).rules),
            read_comments(given.data),
            AbuseSignal.load(given.model, version=None),
        ),
        Console(width=160),
    )


if __name__ == "__main__":
    main()
