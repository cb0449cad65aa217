"""Counts the gold set for the on-topic judgement, for the tables of README.md.

PYTHONPATH=tests/gold python -m topic.counts [--markdown tests/gold/topic/README.md]
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from topic.read import CASES, KINDS, SEED, SEED_SECTION, TopicComment, TopicStory, read

BEGIN, END = "<!-- counts -->\n", "<!-- /counts -->"
HALVES = ("tuning", "final")
DUES = ("on_topic", "digression", "human", "off_topic", "follows_root", "desk", "own_code")
STEM_LETTERS = 5
"""Words are compared by so many letters, so that a plural is no other word."""
COMMON = 4
"""A word in more stories than this says nothing about any of them."""

Labels = Callable[[TopicComment], Iterable[object]]


def tables() -> str:
    """Return the tables in Markdown: by story, what is due, kind, r_art, r_par, depth, hard case and shared words."""
    gold = read()
    comments = sorted((*gold.comments, *gold.skipped), key=lambda comment: comment.id)
    parts = [
        _by_story(comments, list(gold.stories.values())),
        _table("due", DUES, lambda comment: [comment.due], comments),
        _table("kind", KINDS, lambda comment: [comment.kind], comments),
        _table("r_art", range(4), lambda comment: [comment.r_art], comments),
        _table("r_par", [None, 0, 1, 2], lambda comment: [comment.r_par], comments),
        _table("depth", range(max(comment.depth for comment in comments) + 1), lambda one: [one.depth], comments),
        _table("case", CASES, lambda comment: comment.cases, comments),
        _without_shared_words(comments, list(gold.stories.values())),
    ]
    return "\n".join(parts)


def put(text: str, table: str) -> str:
    """Return the text with the tables between its markers."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + "\n" + table + "\n" + END + rest.partition(END)[2]


def share_no_word(comments: Iterable[TopicComment], stories: Iterable[TopicStory]) -> list[TopicComment]:
    """Return the comments without a word of their story that would tell it from others: one that few stories hold."""
    words = {one.key: _stems(f"{one.story.title} {one.story.standfirst} {one.story.body}") for one in stories}
    spread = Counter(stem for stems in words.values() for stem in stems)
    telling = {key: {stem for stem in stems if spread[stem] <= COMMON} for key, stems in words.items()}
    return [comment for comment in comments if not _stems(comment.text) & telling[comment.story_key]]


def _stems(text: str) -> set[str]:
    return {word[:STEM_LETTERS] for word in re.findall(r"\w+", text.lower())}


def _without_shared_words(comments: list[TopicComment], stories: list[TopicStory]) -> str:
    own = [comment for comment in comments if not comment.parent and comment.belongs and comment.story_key != SEED]
    none = share_no_word(own, [story for story in stories if story.key != SEED])
    english = [comment for comment in none if "other_language" not in comment.cases]
    return (
        f"Of the {len(own)} comments that belong and are no replies, {len(none)} share no telling word with their "
        f"story, {len(english)} of them in English\n(without the story that is not here).\n"
    )


def _by_story(comments: list[TopicComment], stories: list[TopicStory]) -> str:
    lines = ["| story | section | genre | half | comments | belong |", "|---|---|---|---|---|---|"]
    about = [(one.key, one.story.section, one.genre, one.half) for one in stories if one.key != SEED]
    for key, section, genre, half in [*about, (SEED, SEED_SECTION, "agency report", "final")]:
        own = [comment for comment in comments if comment.story_key == key]
        belong = sum(comment.belongs for comment in own)
        lines.append(f"| {key} | {section} | {genre} | {half} | {len(own)} | {belong} |")
    return "\n".join(lines) + "\n"


def _table(name: str, values: Iterable[object], labels: Labels, comments: list[TopicComment]) -> str:
    lines = [f"| {name} | tuning | final | all |", "|---|---|---|---|"]
    for value in values:
        found = [comment for comment in comments if value in labels(comment)]
        halves = [sum(comment.half == half for comment in found) for half in HALVES]
        shown = "no reply" if value is None else value
        lines.append(f"| {shown} | {halves[0]} | {halves[1]} | {len(found)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the tables, or write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--markdown", type=Path, help="Put the tables between the markers of this file.")
    place: Path | None = parser.parse_args().markdown
    if place is None:
        print(tables())
    else:
        place.write_text(put(place.read_text("utf-8"), tables()), "utf-8")


if __name__ == "__main__":
    main()
