"""Pairs to learn the on-topic judgement from: each text once with what it belongs to, and once with something else.

So the comment alone tells nothing: the leak test of `train_topic` is the proof. The wrong partner is drawn at random,
or, in a third of the cases, from the five nearest subjects. Debates have no text, so two thirds of the pairs get one
made of other comments under the same debate; half of the comments are cut to a sentence or two.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from importlib import resources
from typing import Any, NamedTuple

import msgspec
import numpy as np

from belowline.engine.models.sentences import Sense, type_of_floats
from belowline.engine.signals.topic import NO_ARTICLE, Known, Subject
from belowline.engine.signals.topic_features import Reading
from belowline.engine.signals.topic_vectors import tell
from belowline.engine.submission import Story
from belowline.engine.text.sentences import sentence_spans
from belowline.lab.chatter import SUBJECTS

FOLDS = 5
BODIES = ((0, 0), (3, 8), (10, 24))
"""Least and most passages that a made-up text has: none, few, many."""
HARD = 1 / 3
NEAREST = 5
CHATTER_TURNS = 9
OWN_TURNS = 4
"""How often a comment under a story of our own is paired with it, and with another one."""
FEWEST_CHARACTERS = 60
"""Replies and parents shorter than this say too little about each other."""

type_of_row = dict[str, Any]


class Pair(NamedTuple):
    """Two texts, and whether they were drawn apart."""

    text: str
    sense: Sense
    known: Known
    is_apart: bool
    fold: int
    name: str
    """Which pairs of the report it belongs to."""
    banked: tuple[int, ...] = ()
    """Stories of the bank that are compared here: they are no others."""


class OwnComment(msgspec.Struct, frozen=True):
    """A comment under a story of our own."""

    text: str
    r_art: int
    """How it belongs to the article, from 0 to 3 (docs/explanation/on-topic.md)."""
    parent: int | None = None
    """The comment that it answers, by its place in the list."""


class OwnStory(msgspec.Struct, frozen=True):
    """A story of our own with what readers may say of it."""

    key: str
    section: str
    title: str
    standfirst: str
    body: str
    comments: tuple[OwnComment, ...]


def read_own() -> list[OwnStory]:
    """Return our own stories with their comments, from lab/topic_material/stories.jsonl."""
    text = resources.files("belowline").joinpath("lab", "topic_material", "stories.jsonl").read_text(encoding="utf-8")
    return [msgspec.json.decode(line, type=OwnStory) for line in text.splitlines()]


def half_of(names: Sequence[str]) -> dict[str, int]:
    """Return 0 or 1 for each story, by the order of their names."""
    return {name: place % 2 for place, name in enumerate(sorted(set(names)))}


def without_half(rows: Sequence[type_of_row], half: int | None) -> list[type_of_row]:
    """Return the rows without those of one half of their stories; None: all."""
    halves = half_of([row["story_id"] for row in rows])
    return [row for row in rows if halves[row["story_id"]] != half]


def without_half_of_own(stories: Sequence[OwnStory], half: int | None) -> list[OwnStory]:
    """Return our own stories without one half; None: all."""
    halves = half_of([story.key for story in stories])
    return [story for story in stories if halves[story.key] != half]


class Debate(NamedTuple):
    """A story with its comments, all read."""

    head: tuple[str, str]
    """Title and abstract."""
    vectors: type_of_floats
    """Of both, shape (2, width)."""
    comments: Sequence[tuple[str, Sense]]


def read_debates(rows: Sequence[type_of_row], subject: Subject) -> dict[str, Debate]:
    """Read the comments of a topic file, by story; raises nothing."""
    by_story: dict[str, list[type_of_row]] = defaultdict(list)
    for row in rows:
        by_story[row["story_id"]].append(row)
    return {name: _debate(found, subject) for name, found in sorted(by_story.items())}


def _debate(rows: Sequence[type_of_row], subject: Subject) -> Debate:
    head = (rows[0]["title"], rows[0]["abstract"] or rows[0]["title"])
    comments = [(row["comment"], subject.encoder.read(row["comment"])) for row in rows]
    return Debate(head, subject.encoder.read_passages(head), comments)


def folds_of(names: Sequence[str], seed: int) -> dict[str, int]:
    """Return a fold for each story; raises nothing."""
    shuffled = sorted(names)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - sampling
    return {name: place % FOLDS for place, name in enumerate(shuffled)}


def debate_pairs(debates: dict[str, Debate], subject: Subject, seed: int, *, whole: bool = False) -> list[Pair]:
    """Return pairs of comments with debates of one fold, own and other, for each size of text.

    `whole` is for measuring: no comment is cut, any other debate is drawn with the same chance, folds do not matter.
    """
    rng = random.Random(seed)  # noqa: S311 - sampling
    folds = dict.fromkeys(debates, 0) if whole else folds_of(list(debates), seed)
    near = {name: nearest_debates(name, debates, folds) for name in debates}
    found = []
    for name, debate in debates.items():
        for place, comment in enumerate(debate.comments):
            for size, bounds in enumerate(BODIES):
                text, sense = comment if whole else _maybe_cut(*comment, subject, rng)
                others = near[name][:NEAREST] if not whole and rng.random() < HARD else near[name]
                for partner in (name, rng.choice(others)):
                    skipped = place if partner == name else None
                    known = _known(debates[partner], skipped, rng.randint(*bounds), subject, rng)
                    label = ("headline and abstract", "short text", "long text")[size]
                    found.append(Pair(text, sense, known, partner != name, folds[name], label))
    return found


def nearest_debates(name: str, debates: dict[str, Debate], folds: dict[str, int]) -> list[str]:
    """Return the other debates of the same fold, the one with the nearest title and abstract first."""
    own = debates[name].vectors.mean(axis=0)
    others = [other for other in debates if other != name and folds[other] == folds[name]]
    return sorted(others, key=lambda other: -float(debates[other].vectors.mean(axis=0) @ own))


def _known(debate: Debate, skipped: int | None, size: int, subject: Subject, rng: random.Random) -> Known:
    """Return a debate with a text of so many of its comments, without the one that is asked about."""
    pool = [place for place in range(len(debate.comments)) if place != skipped]
    chosen = [debate.comments[place] for place in rng.sample(pool, min(size, len(pool)))]
    body = [text for text, _ in chosen]
    vectors = np.vstack((debate.vectors, *(sense.whole for _, sense in chosen)))
    return Known((*debate.head, *body), Reading(debate.head, body), tell(vectors, 2, subject.bank), NO_ARTICLE)


def _maybe_cut(text: str, sense: Sense, subject: Subject, rng: random.Random) -> tuple[str, Sense]:
    spans = sentence_spans(text)
    if rng.random() < 0.5 or len(spans) < 2:  # noqa: PLR2004 - a coin, and more than one sentence
        return text, sense
    first = rng.randrange(len(spans))
    last = min(first + rng.randint(0, 1), len(spans) - 1)
    part = text[spans[first][0] : spans[last][1]]
    return part, subject.sense(part)


def chatter_pairs(debates: dict[str, Debate], subject: Subject, seed: int) -> list[Pair]:
    """Return pairs of our own lines: each as often under its own story as under a debate of the same fold."""
    rng = random.Random(seed)  # noqa: S311 - sampling
    folds = folds_of(list(debates), seed)
    found = []
    for number, ours in enumerate(SUBJECTS):
        head = (ours.title, ours.standfirst or ours.title)
        lines = [(line, subject.sense(line)) for line in ours.lines]
        own = Debate(head, subject.encoder.read_passages(head), lines)
        far = [name for name, fold in folds.items() if fold == number % FOLDS and not ours.is_near(*debates[name].head)]
        for place, (line, sense) in enumerate(lines if far else ()):
            for turn in range(CHATTER_TURNS):
                size = rng.randint(*BODIES[turn % len(BODIES)])
                mine = _known(own, place, size, subject, rng)
                other = _known(debates[rng.choice(far)], None, size, subject, rng)
                found += [
                    Pair(line, sense, known, known is other, number % FOLDS, "our own lines") for known in (mine, other)
                ]
    return found


def own_pairs(stories: Sequence[OwnStory], subject: Subject, seed: int, chosen: set[str]) -> list[Pair]:
    """Return the comments that belong under our own stories with these, and with others, half of them of one section.

    Each with headline, standfirst and text, and once with the headline alone. The stories are those of the bank, in its
    order; pairs are made of the chosen ones, by their keys, alone.
    """
    rng = random.Random(seed)  # noqa: S311 - sampling
    whole = [Story(title=one.title, standfirst=one.standfirst, body=one.body) for one in stories]
    sizes = ((whole, OWN_TURNS, "own stories"), ([Story(title=one.title) for one in stories], 1, "own headlines"))
    found = []
    for given, turns, name in sizes:
        known = [subject.know_story(one) for one in given]
        for place, one in enumerate(stories):
            far = [at for at, other in enumerate(stories) if at != place and other.key in chosen]
            near = [at for at in far if stories[at].section == one.section]
            if one.key not in chosen:
                continue
            for comment in one.comments:
                if comment.r_art < 2 or comment.parent is not None:  # noqa: PLR2004 - belongs by itself
                    continue
                sense = subject.sense(comment.text)
                for turn in range(turns):
                    other = rng.choice(near if near and turn % 2 else far)
                    banked = (place, other)
                    found += [
                        Pair(comment.text, sense, known[at], at != place, place % FOLDS, name, banked) for at in banked
                    ]
    return found


def own_reply_pairs(stories: Sequence[OwnStory], subject: Subject, seed: int, chosen: set[str]) -> list[Pair]:
    """Return the replies under chosen stories of our own with what they answer, and with comments of any of these."""
    rng = random.Random(seed)  # noqa: S311 - sampling
    known = [one for one in stories if one.key in chosen]
    texts = [comment.text for one in known for comment in one.comments]
    found = []
    for place, one in enumerate(known):
        for comment in one.comments:
            if comment.parent is None:
                continue
            above = one.comments[comment.parent].text
            other = rng.choice([text for text in texts if text not in {above, comment.text}])
            sense = subject.sense(comment.text)
            found += [
                Pair(comment.text, sense, subject.know_comment(text), text != above, place % FOLDS, "own replies")
                for text in (above, other)
            ]
    return found


def reply_pairs(rows: Sequence[type_of_row], subject: Subject, most: int, seed: int) -> list[Pair]:
    """Return replies with the comment that they answer, and with one that another reply answers."""
    rng = random.Random(seed)  # noqa: S311 - sampling
    long = [row for row in rows if min(len(row.get("parent") or ""), len(row["text"])) >= FEWEST_CHARACTERS]
    chosen = rng.sample(long, min(most, len(long)))
    above = [subject.know_comment(row["parent"]) for row in chosen]
    found = []
    for place, row in enumerate(chosen):
        text, sense = _maybe_cut(row["text"], subject.sense(row["text"]), subject, rng)
        fold = place % FOLDS
        other = _other(place, chosen, rng)
        found += [Pair(text, sense, above[at], at != place, fold, "replies") for at in (place, other)]
    return found


def _other(place: int, rows: Sequence[type_of_row], rng: random.Random) -> int:
    """Draw another row of the same fold whose parent is another text."""
    while True:
        at = rng.randrange(place % FOLDS, len(rows), FOLDS)
        if rows[at]["parent"] != rows[place]["parent"]:
            return at
