"""`make bench-topic`: what the on-topic judgement costs, on one core, in one run.

What a comment costs on top of the encoder's pass, how long a story of 3,000 words takes to prepare, how large
100,000 prepared stories are, how many comments a second are judged under a story, and the memory of the process.
Comments are those of train/topic in BELOWLINE_DATA; stories are made of them, as long as the paper's. Each figure is
the median of interleaved rounds, so that a busy machine slows all alike.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # before the threads of the encoder begin

import msgspec

from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.topic import TopicSignal
from belowline.engine.submission import Parent, Story, Submission
from belowline.lab.audit_files import decoded_lines, read_content
from belowline.lab.topic_rows import SHAPE, TopicRow

ROUNDS = 3
COMMENTS = 100
LONG_WORDS, PAPER_WORDS = 3_000, 600
PARAGRAPH_WORDS = 50
STORIES = 100_000
RESULTS = Path(__file__).parent / "topic.json"
SETTINGS = Settings()


T = TypeVar("T")


class Wanted(NamedTuple):
    """A figure with its unit and the limit that we set ourselves."""

    name: str
    unit: str
    limit: float | None


WANTED = (
    Wanted("a comment on top of the encoder's pass", "ms", 1.0),
    Wanted("a reply on top of the encoder's passes", "ms", None),
    Wanted("the encoder's pass of a comment", "ms", None),
    Wanted("comments judged under a story", "a second", None),
    Wanted("comments judged, of the encoder alone", "ratio", None),
    Wanted(f"a story of {LONG_WORDS:,} words prepared", "s", 0.5),
    Wanted(f"{STORIES:,} prepared stories of {LONG_WORDS:,} words", "GB", 2.0),
    Wanted(f"{STORIES:,} prepared stories of {PAPER_WORDS:,} words", "GB", None),
    Wanted("resident memory of the process", "MB", None),
)


def main() -> None:
    """Run everything and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("BELOWLINE_DATA", "../shared/data")))
    parser.add_argument("--model", type=Path, help="the folder of another model than the shipped one")
    given = parser.parse_args()
    signal = TopicSignal.load(given.model, version=None)
    path = given.data / "train/topic/room_for_debate.jsonl.gz"
    rows = [row for _, row in decoded_lines(path, read_content(path), msgspec.json.Decoder(TopicRow), SHAPE)]
    report(signal.version, measure(signal, [row.comment for row in rows]))


def measure(signal: TopicSignal, texts: Sequence[str]) -> dict[str, float]:
    """Return the figures by the names in WANTED."""
    step = max(1, len(texts) // COMMENTS)
    comments = texts[::step][:COMMENTS]
    long, paper = make_story(texts, LONG_WORDS), make_story(texts[len(texts) // 2 :], PAPER_WORDS)
    rounds = [one_round(signal, comments, long, paper, turn) for turn in range(ROUNDS)]
    found = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    for story, words in ((long, LONG_WORDS), (paper, PAPER_WORDS)):
        found[f"{STORIES:,} prepared stories of {words:,} words"] = len(signal.prepare(story)) * STORIES / 1e9
    return found | {"resident memory of the process": resident()}


def one_round(signal: TopicSignal, comments: Sequence[str], long: Story, paper: Story, turn: int) -> dict[str, float]:
    """Time each part once; what is timed is never in a cache, unless that is what is measured."""
    fresh = [f"{text} ({turn})" for text in comments]
    forms = [Prepared(Submission(text=text), SETTINGS).normalised.text for text in fresh]
    signal.read_story(paper)
    encoder = signal.subject.encoder.read
    passes = timed(encoder, forms)
    whole = timed(lambda text: judge(signal, text, paper), fresh)  # reads each text anew
    known = timed(lambda text: judge(signal, text, paper), fresh)  # the vectors are kept: all but the pass
    parents = [Parent(text=above, root_text=root) for above, root in zip(fresh[1:], fresh, strict=False)]
    replies = timed(lambda pair: judge(signal, pair[0], paper, pair[1]), list(zip(fresh[2:], parents, strict=False)))
    other = Story(title=f"{long.title} {turn}", standfirst=long.standfirst, body=f"{long.body}\nThe end of {turn}.")
    return {
        "a comment on top of the encoder's pass": known * 1_000,
        "a reply on top of the encoder's passes": replies * 1_000,
        "the encoder's pass of a comment": passes * 1_000,
        "comments judged under a story": 1 / whole,
        "comments judged, of the encoder alone": passes / whole,
        f"a story of {LONG_WORDS:,} words prepared": timed(signal.prepare, [other]),
    }


def judge(signal: TopicSignal, text: str, story: Story, parent: Parent | None = None) -> object:
    """Measure one comment, as the engine does."""
    return signal.measure(Prepared(Submission(text=text, language="en", story=story, parent=parent), SETTINGS))


def timed(act: Callable[[T], object], things: Sequence[T]) -> float:
    """Return the mean time of an act, in seconds."""
    began = time.perf_counter()
    for thing in things:
        act(thing)
    return (time.perf_counter() - began) / len(things)


def make_story(texts: Sequence[str], words: int) -> Story:
    """Return a story of so many words, in paragraphs of an ordinary length."""
    found: list[str] = []
    for text in texts:
        found += text.split()
        if len(found) >= words:
            break
    paragraphs = [" ".join(found[at : at + PARAGRAPH_WORDS]) for at in range(0, words, PARAGRAPH_WORDS)]
    return Story(title=" ".join(found[:9]), standfirst=" ".join(found[9:30]), body="\n".join(paragraphs))


def resident() -> float:
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def report(version: str, found: dict[str, float]) -> None:
    """Print the table in Markdown and write the figures down."""
    print(f"Model `{version}`, one core of {platform.machine()}, {ROUNDS} rounds.\n")
    print("| what | measured | wanted |\n|---|---|---|")
    for one in WANTED:
        limit = f"at most {one.limit:g} {one.unit}" if one.limit else ""
        print(f"| {one.name} | {found[one.name]:.3g} {one.unit} | {limit} |")
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    note = {
        "date": when,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "model": version,
        "figures": found,
    }
    RESULTS.write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
