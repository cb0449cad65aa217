"""What Coral sends for each comment, as far as it is read."""

import json

import msgspec

from belowline.compat.coral.errors import PhaseError


class SentComment(msgspec.Struct, frozen=True):
    """The comment; it has no id, time or title."""

    body: str
    """HTML or plain text, as the phase is set."""
    parent_id: str | None = msgspec.field(default=None, name="parentID")


class SentStory(msgspec.Struct, frozen=True):
    """The story that the comment stands under."""

    id: str
    url: str = ""


class PhaseRequest(msgspec.Struct, frozen=True):
    """One request of the phase. Unknown fields are ignored; an edit is judged like a new comment."""

    comment: SentComment
    story: SentStory
    action: str = ""


def read_request(body: bytes) -> PhaseRequest:
    """Return what the body says.

    Raises:
        PhaseError: it is no JSON, or a field is missing or of another type; the message names the place alone.
    """
    try:
        return msgspec.json.decode(body, type=PhaseRequest)
    except msgspec.ValidationError as error:
        raise PhaseError(400, "invalid_input", f"{error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_mended(body)


def _read_mended(body: bytes) -> PhaseRequest:
    """Read JSON with half surrogate pairs: JavaScript writes them, and refusing them would let a comment slip by."""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
        return msgspec.json.decode(text.encode("utf-8", "replace"), type=PhaseRequest)
    except msgspec.ValidationError as error:
        raise PhaseError(400, "invalid_input", f"{error}.") from None
    except (ValueError, RecursionError):
        raise PhaseError(400, "invalid_json", "The body is no JSON object in UTF-8.") from None
