"""Reading what the on-topic judgement is measured on: comments with the story that each was posted under."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from belowline.engine.submission import Parent, Story
from belowline.lab.audit_files import FileError, decoded_lines, read_content

SHAPE = '{"id": "...", "comment": "...", "story_id": "...", "title": "..."}, with abstract, body and more where known'
FIRST_LEVEL = 1


class TopicRow(msgspec.Struct, kw_only=True):
    """One line of a file: a comment that was posted under a story, and all that is known of both."""

    id: str
    comment: str
    story_id: str
    title: str
    abstract: str | None = None
    body: str | None = None
    """Paragraphs parted by line breaks."""
    section: str | None = None
    published_at: str | None = None
    """When the story came out, ISO 8601."""
    parent: str | None = None
    """The text of the comment that this one answers."""
    root: str | None = None
    """The text of the comment that its thread began with."""
    depth: int | None = None
    """1 answers the story itself."""
    tags: list[str] = []
    extra: dict[str, Any] = {}


class PostedStory(NamedTuple):
    """A story of the file, as its first row has it."""

    key: str
    story: Story
    day: date | None
    tags: frozenset[str]


class Posted(NamedTuple):
    """A comment of the file."""

    id: str
    text: str
    story: int
    """The place of its story."""
    parent: Parent | None
    depth: int | None
    """1 answers the story itself; None: an answer of which no more is known."""


class Corpus(NamedTuple):
    """A file as it is measured on."""

    file: str
    rows_in_file: int
    stories: Sequence[PostedStory]
    comments: Sequence[Posted]


def read_corpus(path: Path, most: int | None = None, seed: int = 0) -> Corpus:
    """Read a file of topic rows, JSON lines with or without gzip; draw at most `most` comments of it.

    Stories whose comments are not drawn stay: the others are compared with them.

    Raises:
        FileError: it cannot be read, a line is no such row, or there are not two stories to tell apart.
    """
    rows = list(decoded_lines(path, read_content(path), msgspec.json.Decoder(TopicRow), SHAPE))
    stories: dict[str, PostedStory] = {}
    for number, row in rows:
        if not row.comment.strip():
            raise FileError(f"{path}, line {number}: the comment is empty; fill it in, or take the row out")
        if row.story_id not in stories:
            stories[row.story_id] = _story(path, number, row)
    if len(stories) < 2:  # noqa: PLR2004 - a story and another one
        raise FileError(f"{path} has fewer than two stories; give a file with comments under several")
    places = {key: place for place, key in enumerate(stories)}
    comments = [_posted(row, places[row.story_id]) for _, row in rows]
    return Corpus(path.name, len(rows), tuple(stories.values()), _drawn(comments, most, seed))


def _story(path: Path, number: int, row: TopicRow) -> PostedStory:
    try:
        day = datetime.fromisoformat(row.published_at).date() if row.published_at else None
    except ValueError as error:
        raise FileError(f"{path}, line {number}: published_at is no date ({error}); write 2026-11-27") from error
    story = Story(
        title=row.title, standfirst=row.abstract or "", body=row.body or "", section=(row.section or "").strip()
    )
    return PostedStory(row.story_id, story, day, frozenset(row.tags))


def _posted(row: TopicRow, story: int) -> Posted:
    above = (row.parent or "").strip()
    root = (row.root or "").strip()
    depth = row.depth or row.extra.get("depth") or (None if above else FIRST_LEVEL)
    parent = Parent(text=above, root_text="" if root == above else root) if above else None
    return Posted(row.id, row.comment, story, parent, depth if isinstance(depth, int) else None)


def _drawn(comments: Sequence[Posted], most: int | None, seed: int) -> Sequence[Posted]:
    if most is None or most >= len(comments):
        return tuple(comments)
    places = np.random.default_rng(seed).choice(len(comments), most, replace=False)
    return tuple(comments[place] for place in np.sort(places).tolist())
