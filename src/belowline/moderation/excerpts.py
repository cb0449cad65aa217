"""The passage of a comment that a moderator means, where it is another one than the engine found."""

from typing import NamedTuple

from belowline.moderation.errors import DecidingError


class Excerpt(NamedTuple):
    """A passage: code point offsets into the comment's source, end exclusive."""

    start: int
    end: int


def find_excerpt(text: str, words: str, start: int | None = None) -> Excerpt | None:
    """Return where words stand in a text: at `start`, or else where they stand first; None: there are no words.

    Line ends may be those of a form.

    Raises:
        DecidingError: `unknown_excerpt`: they do not stand there.
    """
    passage = words.replace("\r\n", "\n").strip()
    if not passage:
        return None
    if start is not None and text[start : start + len(passage)] == passage:
        return Excerpt(start, start + len(passage))
    found = text.find(passage)
    if found < 0:
        raise DecidingError(
            "These words do not stand in the comment. Mark them in its text, or copy them as they are.",
            code="unknown_excerpt",
        )
    return Excerpt(found, found + len(passage))
