"""What is judged: the text, the story, the comment replied to, and facts about author and thread."""

from typing import Literal

import msgspec

MAX_TEXT_CHARACTERS = 20_480
"""Longer texts are refused: no reader posts them, and they would only slow the queue down."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """The article that the discussion stands under."""

    title: str
    standfirst: str = ""
    body: str = ""
    """Paragraphs parted by line breaks; empty when only the headline is known."""
    section: str = ""
    judges_topic: bool = True
    """False: an editor has said that no comment is off topic here. The score is measured, and no rule acts on it."""
    reading: bytes = b""
    """What `Engine.read_story` returned for this very text: it is then not read by the model again."""


class Parent(msgspec.Struct, frozen=True, kw_only=True):
    """The comment replied to, and the comment that its thread began with."""

    text: str
    root_text: str = ""
    """Empty when the parent itself began the thread."""


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A comment posted before, for the repetition signal to compare with."""

    text: str
    relation: Literal["same_author", "same_thread", "elsewhere"]


class AuthorFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller knows about the author; the engine looks nothing up."""

    display_name: str = ""


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """Text on its way to being judged."""

    text: str
    id: str | None = None
    language: str | None = None
    """ISO 639-1 code as the caller states it; None: detect."""
    story: Story | None = None
    parent: Parent | None = None
    author: AuthorFacts = AuthorFacts()
    earlier: tuple[Earlier, ...] = ()
    """Comments that this one may repeat; the caller chooses them (recent ones, near in fingerprint)."""
