"""Measures the on-topic judgement on the gold set and prints the figures, with intervals from resampled stories.

    python tests/gold/topic_figures.py [--half tuning|final] [--model DIR] [--rows FILE] [--markdown FILE]

`final` is for the last figure alone (topic/README.md). --rows also writes the half as rows for
`belowline lab evaluate topic`.
"""

import argparse
import functools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from topic.read import CASES, KINDS, Gold, Half, TopicComment, read

from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.topic import OFF_TOPIC, TopicSignal
from belowline.engine.submission import Submission
from belowline.lab.clusters import cluster_estimate, cluster_share
from belowline.lab.metrics import auroc
from belowline.lab.topic_evaluate import threshold
from belowline.lab.topic_levels import Ask, fit_words, text_of
from belowline.lab.topic_scores import Scored

SETTINGS = Settings()
BEGIN, END = "<!-- gold -->", "<!-- /gold -->"


held_from = functools.cache(threshold)
"""The policy is read once, not for each of thousands of comments."""


class Judged(NamedTuple):
    """A comment with what the signal says of it, as the engine would ask."""

    comment: TopicComment
    value: float | None
    """None: unchecked."""
    kind: str
    without_thread: float | None
    """The same with nothing above it."""


class Line(NamedTuple):
    """One line of the table."""

    what: str
    count: int
    figure: str
    wanted: str = ""
    tfidf: str = ""
    passage: str = ""


def judge(signal: TopicSignal, comments: Sequence[TopicComment]) -> list[Judged]:
    """Measure every comment with its parent and without."""
    found = []
    for one in comments:
        score = signal.measure(Prepared(one.submission, SETTINGS))[OFF_TOPIC]
        alone = Submission(text=one.text, story=one.story)
        value = signal.measure(Prepared(alone, SETTINGS))[OFF_TOPIC].value if one.parent else score.value
        found.append(Judged(one, score.value, score.kind or "", value))
    return found


class Pairs:
    """Comments that belong to their story, with it and with other stories of the half; parents are not shown."""

    def __init__(self, gold: Gold, half: Half, signal: TopicSignal) -> None:
        self.gold = gold
        self.keys = [key for key, one in gold.stories.items() if one.half == half]
        self.places = {key: place for place, key in enumerate(self.keys)}
        stories = [gold.stories[key].story for key in self.keys]
        self.scored = Scored(signal, stories)
        texts = [text_of(story) for story in stories]
        self.words = fit_words([*texts, *(one.text for one in gold.of(half))])
        self.counts = self.words.transform(texts)

    def lines(self, what: str, comments: Sequence[TopicComment]) -> Iterator[Line]:
        """Yield AUROC against neighbours and against any story, and what the threshold catches of the latter."""
        near = [(one, [other.key for other in self.gold.neighbours(one.story_key)]) for one in comments]
        far = [(one, [key for key in self.keys if key != one.story_key]) for one in comments]
        yield self._auroc(f"{what}: AUROC against the section's other story", near, "0.95")
        yield self._auroc(f"{what}: AUROC against any other story", far)
        hits = [
            (self.scored.value(Ask(one.text, self.places[key])) >= held_from(), self.places[one.story_key])
            for one, keys in far
            for key in keys
        ]
        yield Line(f"{what}: caught under any other story", len(comments), share(hits), "at least 50 %")

    def _auroc(self, what: str, pairs: Sequence[tuple[TopicComment, list[str]]], wanted: str = "") -> Line:
        asks, truth, clusters = [], [], []
        for one, keys in pairs:
            for key in (one.story_key, *keys):
                asks.append(Ask(one.text, self.places[key]))
                truth.append(key != one.story_key)
                clusters.append(self.places[one.story_key])
        self.scored.read(asks)
        measures = (
            [self.scored.value(ask) for ask in asks],
            -self._cosines(asks),
            [-self.scored.nearest(ask) for ask in asks],
        )
        figures = [
            cluster_estimate(auroc, np.array(truth), np.array(values), np.array(clusters)) for values in measures
        ]
        ours, *others = (f"{one.value:.3f} ({one.low:.3f}-{one.high:.3f})" for one in figures)
        return Line(what, len(pairs), ours, wanted, *others)

    def _cosines(self, asks: Sequence[Ask]) -> Any:
        texts = self.words.transform([ask.text for ask in asks])
        return np.asarray(texts.multiply(self.counts[[ask.story for ask in asks]]).sum(axis=1))[:, 0]


def share(hits: Sequence[tuple[bool, int]]) -> str:
    """Return the share of hits with its interval; each hit comes with the number of its story."""
    if not hits:
        return "-"
    flags, clusters = zip(*hits, strict=True)
    found = cluster_share(np.array(flags, dtype=bool), np.array(clusters))
    return f"{found.value:.1%} ({found.low:.1%}-{found.high:.1%}), {sum(flags)} of {len(flags)}"


def held_lines(judged: Sequence[Judged]) -> Iterator[Line]:
    """Yield what the threshold holds, by what is due."""
    places = {key: place for place, key in enumerate(sorted({one.comment.story_key for one in judged}))}

    def line(what: str, wanted: str, chosen: Callable[[TopicComment], bool]) -> Line:
        rows = [one for one in judged if chosen(one.comment)]
        return Line(
            what, len(rows), share([(is_held(one.value), places[one.comment.story_key]) for one in rows]), wanted
        )

    yield line("held: belongs", "at most 1 %", lambda one: one.belongs)
    yield line("held: belongs, first level", "", lambda one: one.belongs and one.parent is None)
    yield line("held: belongs, replies", "", lambda one: one.belongs and one.parent is not None)
    for due in ("off_topic", "human", "follows_root", "desk", "own_code"):
        yield line(f"held: due {due}", "", lambda one, due=due: one.due == due)
    replies = [one for one in judged if one.comment.belongs and one.comment.parent is not None]
    with_thread = sum(is_held(one.value) for one in replies)
    without = sum(is_held(one.without_thread) for one in replies)
    fewer = f", {1 - with_thread / without:.0%} fewer" if without else ""
    yield Line("wrongly held replies without and with their thread", len(replies),
               f"{without} and {with_thread}{fewer}", "at least 30 % fewer")  # fmt: skip


def is_held(value: float | None) -> bool:
    """Say whether the shipped policy holds a comment with this score; what is unchecked is not held."""
    return value is not None and value >= held_from()


def case_lines(judged: Sequence[Judged]) -> Iterator[Line]:
    """Yield each hard case: the wrongly held of those that belong, the caught of those off topic, and the others."""
    for case in CASES:
        rows = [one for one in judged if case in one.comment.cases]
        groups = {
            "that belong": [one for one in rows if one.comment.belongs],
            "off topic": [one for one in rows if one.comment.due == "off_topic"],
            "others": [one for one in rows if not one.comment.belongs and one.comment.due != "off_topic"],
        }
        parts = [
            f"{sum(is_held(one.value) for one in group)} of {len(group)} {name}"
            for name, group in groups.items()
            if group
        ]
        unread = sum(one.value is None for one in rows)
        if rows:
            yield Line(f"{case}: held", len(rows), ", ".join(parts) + (f"; {unread} unchecked" if unread else ""))


def kinds_table(judged: Sequence[Judged]) -> str:
    """Return what kind the signal finds for each kind that a person named."""
    counts = Counter((one.comment.kind, one.kind or "unchecked") for one in judged)
    found = [name for name in (*KINDS, "unchecked") if any(name == seen for _, seen in counts)]
    lines = [f"| kind | {' | '.join(found)} |", "|---" * (len(found) + 1) + "|"]
    here = [kind for kind in KINDS if any(kind == known for known, _ in counts)]
    lines += [f"| {kind} | {' | '.join(str(counts[kind, name] or '') for name in found)} |" for kind in here]
    return "\n".join(lines)


def figures(gold: Gold, half: Half, signal: TopicSignal) -> str:
    """Return all tables in Markdown."""
    judged = judge(signal, gold.of(half))
    checked = {one.comment.id for one in judged if one.value is not None}
    belongs = [one for one in gold.of(half) if one.r_art >= 2 and one.id in checked]
    pairs = Pairs(gold, half, signal)
    lines = [
        *pairs.lines("first level", [one for one in belongs if one.parent is None]),
        *pairs.lines("all", belongs),
        *held_lines(judged),
        *case_lines(judged),
    ]
    rows = ["| figure | comments | measured | wanted | TF-IDF | nearest passage |", "|---|---|---|---|---|---|"]
    rows += [f"| {' | '.join(map(str, line))} |" for line in lines]
    return (
        f"Half `{half}`, model `{signal.version}`: {len(judged)} comments under {len(pairs.keys)} stories, "
        f"{len(gold.skipped)} left out whose story is absent; held from {held_from():g} on.\n\n"
        + "\n".join(rows)
        + "\n\n"
        + kinds_table(judged)
        + "\n"
    )


def rows_of(gold: Gold, half: Half) -> Iterator[dict[str, Any]]:
    """Yield the comments of a half that belong to their story by themselves, as topic rows."""
    for one in gold.of(half):
        if one.r_art < 2:
            continue
        story, parent = one.submission.story, one.submission.parent
        yield {
            "id": one.id,
            "comment": one.text,
            "story_id": one.story_key,
            "title": story.title,
            "abstract": story.standfirst,
            "body": story.body,
            "section": story.section,
            "parent": parent.text if parent else None,
            "root": (parent.root_text or parent.text) if parent else None,
            "depth": one.depth + 1,
        }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("tuning", "final"), default="tuning", help="final: once, at the end")
    parser.add_argument("--model", type=Path, help="the folder of another model than the shipped one")
    parser.add_argument("--rows", type=Path, help="also write the half as topic rows into this file")
    parser.add_argument("--markdown", type=Path, help="also put the tables between the markers of this file")
    options = parser.parse_args(arguments)
    gold = read()
    if options.rows:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows_of(gold, options.half))
        options.rows.write_text("".join(lines), "utf-8")
    made = figures(gold, options.half, TopicSignal.load(options.model, version=None))
    print(made)
    if options.markdown:
        text = options.markdown.read_text("utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        options.markdown.write_text(f"{before}{BEGIN}\n{made}{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
