"""Measure the on-topic judgement: `python -m belowline.lab.topic_quality --data DIR [--write FILE]`.

Prints the table of docs/reference/topic-quality.md, and writes it there with --write. DIR holds test/topic.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from belowline.engine.signals.topic import TopicSignal
from belowline.lab.metrics import Estimate
from belowline.lab.quality_table import Line, put_table
from belowline.lab.topic_evaluate import Choices, evaluate
from belowline.lab.topic_report import FileResult, LevelResult, Slice

FILES = ("room_for_debate", "reddit_news")
BASELINE = "TF-IDF"


class Wanted(NamedTuple):
    """What is measured of a file, and what we want of it."""

    file: str
    level: str
    what: str
    auroc: str = ""


WANTED = (
    Wanted("room_for_debate", "N0", "own against a random story, title and abstract", "0.985"),
    Wanted("room_for_debate", "nearest", "own against the nearest story, title and abstract", "0.90"),
    Wanted("reddit_news", "N0", "own against a random headline", "0.80"),
    Wanted("reddit_news", "nearest", "own against the nearest headline"),
    Wanted("reddit_news", "R0", "answers, the headline and the comment above"),
    Wanted("reddit_news", "R2", "the same answers, the headline alone"),
)
DIRECT = "first level"


def lines(results: dict[str, FileResult]) -> Iterator[Line]:
    """Yield every line of the table from the results by file; what a file lacks the fields for is left out."""
    for one in WANTED:
        level = _level(results[one.file], one.level)
        if level is None:
            continue
        title = f"{one.file}, {one.what} ({level.comments:,})"
        yield Line(f"{title}: AUC", _figure(level.auroc), one.auroc, _figure(level.baselines[BASELINE].auroc))
        caught = level.baselines[BASELINE].caught_at_1
        yield Line(f"{title}: caught at 1 % wrongly held", _share(level.caught_at_1), "", _share(caught))
        yield Line(f"{title}: held at the policy's threshold, own and other", _held(level))
        direct = next((part for part in level.by_depth if part.name == DIRECT), None)
        if direct is not None and len(level.by_depth) > 1:
            yield _direct(one, direct)
    for name, found in results.items():
        shown, hidden = _level(found, "R0"), _level(found, "R2")
        if shown and hidden and hidden.held.value:
            fewer = 1 - shown.held.value / hidden.held.value
            yield Line(f"{name}, answers wrongly held with the comment above: fewer by", f"{fewer:.0%}", "30 %")
        if found.leak is not None:
            yield Line(f"{name}, by the comment alone: AUC", _figure(found.leak), "0.50")


def _level(found: FileResult, name: str) -> LevelResult | None:
    return next((level for level in found.levels if level.level == name), None)


def _direct(one: Wanted, part: Slice) -> Line:
    return Line(f"{one.file}, {one.what}, direct answers alone ({part.comments:,}): AUC", _figure(part.auroc))


def _figure(found: Estimate) -> str:
    return f"{found.value:.3f} ({found.low:.3f}-{found.high:.3f})"


def _share(found: Estimate) -> str:
    return f"{found.value:.1%} ({found.low:.1%}-{found.high:.1%})"


def _held(level: LevelResult) -> str:
    return f"{level.held.value:.1%} and {level.caught.value:.1%}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.topic_quality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with test/topic")
    parser.add_argument("--model", type=Path, help="the folder of another model than the shipped one")
    parser.add_argument("--sample", type=int, help="draw at most so many comments of each file")
    parser.add_argument("--write", type=Path, help="a page whose table is replaced")
    given = parser.parse_args(arguments)
    paths = [given.data / "test" / "topic" / f"{name}.jsonl.gz" for name in FILES]
    report = evaluate(TopicSignal.load(given.model, version=None), paths, Choices(sample=given.sample))
    found = list(lines(dict(zip(FILES, report.files, strict=True))))
    print(put_table(given.write, report.model, found))


if __name__ == "__main__":
    main()
