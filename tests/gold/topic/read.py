"""Reads the gold set for the on-topic judgement: stories, and comments with their parents, labels and half.

    from topic.read import read
    gold = read()
    for comment in gold.of("tuning"):
        engine.judge(comment.submission)

The text of one story is not ours to print. Where ``BELOWLINE_SEED_STORY`` names its file, its comments are among the
others; where not, they are left out, and ``Gold.skipped`` holds them.
"""

import functools
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from outcomes import read_story

from belowline import Parent, Story, Submission

HERE = Path(__file__).parent

SEED = "seed"
"""The key of the story whose text is not here."""

SEED_PLACE = "BELOWLINE_SEED_STORY"
"""The environment variable that says where the file with that story is."""

SEED_SECTION = "World"
"""The file does not say its section."""

Half = Literal["tuning", "final"]

Due = Literal["on_topic", "digression", "human", "off_topic", "follows_root", "desk", "own_code"]
"""What should become of a comment. ``follows_root`` carries no mark against its author."""

KINDS = (
    "substantive",
    "personal_story",
    "comparison",
    "about_this_reporting",
    "correction",
    "about_moderation",
    "product_feedback",
    "insubstantial",
    "copy_paste",
    "other",
)

CASES = (
    "irony",
    "pronoun_reply",
    "quote_line",
    "whataboutism",
    "running_story",
    "live_blog",
    "satire_recipe",
    "headline_changed",
    "parent_removed",
    "meta",
    "other_language",
    "keyword_stuffing",
    "bare_link",
    "question_to_reporter",
    "joke",
    "obituary",
)
"""What is known to be hard; README.md says what each means."""

DESK = {"about_moderation", "product_feedback"}
OWN_CODE = {"insubstantial", "copy_paste"}
ON_TOPIC = 2
"""From this r_art on, a comment belongs under the article."""
DRIFT = 2
"""So many ancestors in a row without relation to the article make a digression."""


@dataclass(frozen=True, kw_only=True)
class TopicStory:
    """A story with what the engine takes of it, and what it does not."""

    key: str
    genre: str
    half: Half
    story: Story
    earlier_titles: tuple[str, ...] = ()
    """What the headline said before it was changed; some comments answer that."""


@dataclass(frozen=True, kw_only=True)
class TopicComment:
    """A comment with its labels."""

    id: str
    story_key: str
    half: Half
    story: Story | None
    """None for the story that is absent."""
    text: str
    parent: "TopicComment | None"
    r_art: int
    """Relation to the article, 0 (none) to 3 (addresses what it says)."""
    r_par: int | None
    """Relation to the parent, 0 (none) to 2 (answers it); None when it is no reply."""
    kind: str
    cases: tuple[str, ...] = ()
    removed: bool = False
    """A moderator took it away after others had answered."""

    @property
    def ancestors(self) -> "tuple[TopicComment, ...]":
        """The comments above, the nearest first."""
        return () if self.parent is None else (self.parent, *self.parent.ancestors)

    @property
    def root(self) -> "TopicComment":
        """The comment that the thread began with: itself, when it is no reply."""
        return (self, *self.ancestors)[-1]

    @property
    def depth(self) -> int:
        """How many comments are above."""
        return len(self.ancestors)

    @property
    def due(self) -> Due:
        """What the decision table asks for."""
        if self.kind in OWN_CODE:
            return "own_code"
        if self.r_art >= ON_TOPIC:
            return "on_topic"
        if self.kind in DESK:
            return "desk"
        if self.r_par:
            return self._due_through_thread()
        return "human" if self.r_art else "off_topic"

    @property
    def belongs(self) -> bool:
        """Whether a reader may not be told that this is off-topic, for the article's or the conversation's sake."""
        return self.due in {"on_topic", "digression"}

    @property
    def submission(self) -> Submission:
        """What the engine is given. Nobody sees a removed parent, so the engine does not either."""
        return Submission(id=self.id, text=self.text, story=self.story, parent=self._shown_parent())

    def _due_through_thread(self) -> Due:
        if self.root.due != "on_topic":
            return "follows_root"
        strays = [not above.r_art for above in self.ancestors]
        drifted = any(all(strays[start : start + DRIFT]) for start in range(len(strays) - DRIFT + 1))
        return "digression" if drifted else "on_topic"

    def _shown_parent(self) -> Parent | None:
        if self.parent is None or self.parent.removed:
            return None
        root = self.root
        return Parent(text=self.parent.text, root_text="" if root is self.parent or root.removed else root.text)


@dataclass(frozen=True, kw_only=True)
class Gold:
    """The whole set."""

    stories: dict[str, TopicStory]
    """By key, without the absent one."""
    comments: tuple[TopicComment, ...]
    skipped: tuple[TopicComment, ...]
    """Comments whose story is absent: nobody can judge them here."""

    def of(self, half: Half) -> tuple[TopicComment, ...]:
        """Give the comments of a half. The final one is for the last figure only."""
        return tuple(comment for comment in self.comments if comment.half == half)

    def neighbours(self, key: str) -> tuple[TopicStory, ...]:
        """Give the other stories of the same section and half: a comment's hardest wrong stories."""
        own = self.stories[key]
        return tuple(
            other
            for other in self.stories.values()
            if other.key != key and other.half == own.half and other.story.section == own.story.section
        )


def read(seed: Path | None = None) -> Gold:
    """Read the set; `seed` is the file with the story that is not here, else the environment says where it is."""
    stories = {story.key: story for story in _stories(seed or _seed_from_environment())}
    comments: dict[str, TopicComment] = {}
    for row in _rows("comments.jsonl"):
        comments[row["id"]] = _comment(row, stories, comments)
    here = [comment for comment in comments.values() if comment.story]
    absent = [comment for comment in comments.values() if not comment.story]
    return Gold(stories=stories, comments=tuple(here), skipped=tuple(absent))


def _seed_from_environment() -> Path | None:
    place = os.environ.get(SEED_PLACE)
    return Path(place) if place else None


def _stories(seed: Path | None) -> Iterator[TopicStory]:
    for row in _rows("stories.jsonl"):
        story = Story(title=row["title"], standfirst=row["standfirst"], body=row["body"], section=row["section"])
        earlier = tuple(row["earlier_titles"])
        yield TopicStory(key=row["key"], genre=row["genre"], half=row["half"], story=story, earlier_titles=earlier)
    if seed is not None:
        found = read_story(seed)
        story = Story(title=found.title, standfirst=found.standfirst, body=found.body, section=SEED_SECTION)
        yield TopicStory(key=SEED, genre="agency report", half="final", story=story)


def _comment(row: dict[str, Any], stories: dict[str, TopicStory], above: dict[str, TopicComment]) -> TopicComment:
    story = stories.get(row["story"])
    return TopicComment(
        id=row["id"],
        story_key=row["story"],
        half=story.half if story else "final",
        story=story.story if story else None,
        text=row["text"],
        parent=above[row["parent"]] if row["parent"] else None,
        r_art=row["r_art"],
        r_par=row["r_par"],
        kind=row["kind"],
        cases=tuple(row["cases"]),
        removed=row.get("removed", False),
    )


@functools.cache
def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]
