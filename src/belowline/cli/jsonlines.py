"""A line of JSON in, a line of JSON out: a bad line gives an error in its place and stops nothing."""

import json
import re
from collections.abc import Callable
from typing import Annotated, NoReturn

import msgspec

from belowline.bulk.lines import MAX_LINE_BYTES
from belowline.engine.errors import BelowlineError, SubmissionError
from belowline.engine.submission import Parent, Story, Submission

Identity = str | Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | None
"""What the caller names a line by; it is given back as it came."""


class StoryIn(msgspec.Struct):
    """The article, as a line of the input gives it."""

    title: str
    standfirst: str | None = None
    body: str | None = None
    section: str | None = None
    judges_topic: bool = True


class LineIn(msgspec.Struct):
    """One line of the input. Fields that are not named here are ignored."""

    text: str
    id: Identity = None
    story: StoryIn | None = None
    parent: str | None = None
    language: str | None = None


class IdOnly(msgspec.Struct):
    """What is still wanted of a line that is wrong elsewhere."""

    id: Identity = None


class ErrorBody(msgspec.Struct):
    """A stable code, and a sentence that says what to do."""

    code: str
    message: str


class ErrorOut(msgspec.Struct):
    """What stands in the place of a bad line."""

    line: int
    error: ErrorBody
    id: str | int | msgspec.UnsetType | None = msgspec.UNSET


class LineError(SubmissionError):
    """A line of the input that cannot be read as a submission."""

    code = "invalid_input"


Answer = Callable[[Submission, str | int | None], msgspec.Struct]
"""What a command makes of one line: the submission and its id as it came, to the line of output."""

_line_decoder = msgspec.json.Decoder(LineIn)
_id_decoder = msgspec.json.Decoder(IdOnly)
_encode = msgspec.json.Encoder().encode


def encode_answer(number: int, raw: bytes | None, answer: Answer) -> tuple[bytes, bool]:
    """Return the line of output for one line, without its end, and whether it is an error; raises nothing."""
    out = answer_line(number, raw, answer)
    return _encode(out), isinstance(out, ErrorOut)


def encode_error(number: int, raw: bytes | None, code: str, message: str) -> bytes:
    """Return the error that stands in the place of a line, without its end; raises nothing."""
    return _encode(ErrorOut(line=number, error=ErrorBody(code, message), id=_readable_id(raw)))


def answer_line(number: int, raw: bytes | None, answer: Answer) -> msgspec.Struct:
    """Return the answer to one line, or the error that stands in its place; raises nothing."""
    identity: str | int | msgspec.UnsetType | None = msgspec.UNSET
    try:
        line = parse_line(raw)
        identity = line.id
        return answer(as_submission(line), identity)
    except BelowlineError as error:
        code, message = error.code, error.message
    except Exception as error:  # noqa: BLE001 - one comment that breaks the engine must not cost the others
        code, message = "engine_failed", f"the engine failed on this line ({type(error).__name__}); report it"
    if identity is msgspec.UNSET or identity is None:
        identity = _readable_id(raw)
    return ErrorOut(line=number, error=ErrorBody(code, message), id=identity)


def parse_line(raw: bytes | None) -> LineIn:
    """Read one line of the input.

    Raises:
        LineError: with the code of docs/reference/errors.md.
    """
    if raw is None:
        raise LineError(f"the line is longer than {MAX_LINE_BYTES} bytes; shorten it", code="line_too_long")
    try:
        raw.decode()
        return _line_decoder.decode(raw)
    except UnicodeDecodeError as error:
        raise LineError(f"byte {error.start} of the line is not UTF-8", code="invalid_utf8") from error
    except msgspec.ValidationError as error:
        _refuse_value(str(error))
    except (msgspec.DecodeError, RecursionError) as error:
        _refuse_json(raw, error)


def as_submission(line: LineIn) -> Submission:
    """Return what the engine judges.

    Raises:
        LineError: the language is not a language code.
    """
    return Submission(
        text=line.text,
        id=None if line.id is None else str(line.id),
        language=_language(line.language),
        parent=Parent(text=line.parent) if line.parent else None,
        story=_story(line.story) if line.story else None,
    )


def _story(given: StoryIn) -> Story:
    return Story(
        title=given.title,
        standfirst=given.standfirst or "",
        body=given.body or "",
        section=given.section or "",
        judges_topic=given.judges_topic,
    )


def _language(stated: str | None) -> str | None:
    """Reduce a language tag such as `en-GB` to the code that the engine knows."""
    if stated is None:
        return None
    if not re.fullmatch(r"[A-Za-z]{2}([-_][A-Za-z0-9_-]*)?", stated):
        raise LineError("`language` is a code such as `en` or `en-GB`; leave it out when it is unknown")
    return stated[:2].lower()


def _refuse_value(problem: str) -> NoReturn:
    message, _, where = problem.partition(" - at `$.")
    if message.startswith("Expected `object`") and not where:
        raise LineError('each line must be a JSON object such as {"text": "..."}', code="not_an_object")
    place = f"`{where}: " if where else ""
    raise LineError(f"{place}{message[0].lower()}{message[1:]}")


def _refuse_json(raw: bytes, error: Exception) -> NoReturn:
    """Say what is wrong with the JSON; the standard library reads lone surrogates, msgspec does not."""
    try:
        json.dumps(json.loads(raw), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise LineError(
            "the line escapes half of a surrogate pair; send whole characters", code="lone_surrogate"
        ) from error
    except (ValueError, RecursionError):
        pass
    problem = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    raise LineError(f"the line is not JSON: {problem}", code="invalid_json") from error


def _readable_id(raw: bytes | None) -> str | int | msgspec.UnsetType:
    try:
        found = _id_decoder.decode(raw or b"").id
    except (ValueError, RecursionError):
        return msgspec.UNSET
    return msgspec.UNSET if found is None else found
