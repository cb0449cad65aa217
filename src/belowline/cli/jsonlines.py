"""JSON lines in, JSON lines out: same order, constant memory, and a bad line stops nothing."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, BinaryIO, NoReturn

import click
import msgspec

from belowline.engine.errors import BelowlineError, SubmissionError
from belowline.engine.submission import Parent, Story, Submission

MAX_LINE_BYTES = 4 * 1024 * 1024
"""A longer line is an error; it is skipped in small pieces and never held in memory whole."""
SKIP_BYTES = 64 * 1024
EXIT_BAD_LINE = 1
EXIT_BROKEN_PIPE = 141
"""What a shell reports for a program that a closed pipe ended: 128 + SIGPIPE."""
PROGRESS_EVERY = 20
"""Lines between two updates of the progress display."""

Identity = str | Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | None
"""What the caller names a line by; it is given back as it came."""


class StoryIn(msgspec.Struct):
    """The article, as a line of the input gives it."""

    title: str
    standfirst: str | None = None
    body: str | None = None
    section: str | None = None


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


def answer_lines(source: BinaryIO, answer: Answer, *, what: str) -> None:
    """Answer every line of `source` on stdout; exit with 1 at the end when a line was bad.

    `what` names the work in the progress display.
    """
    if source.isatty():
        click.echo("Reading JSON lines from the terminal; end with Ctrl-D.", err=True)
    target = sys.stdout.buffer
    flush_each = target.isatty()
    bad = 0
    with _output_errors(), _progress(what) as advance:
        for number, raw in read_lines(source):
            out = answer_line(number, raw, answer)
            bad += isinstance(out, ErrorOut)
            target.write(_encode(out) + b"\n")
            if flush_each:
                target.flush()
            advance(number)
        target.flush()
    if bad:
        raise SystemExit(EXIT_BAD_LINE)


def read_lines(source: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield number (from 1) and bytes of each line, None for one too long; leave blank lines out."""
    number = 0
    while line := source.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            _skip_line(source)
            yield number, None
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")  # some editors put a byte order mark there
        if not line.isspace() and line:
            yield number, line


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


def _skip_line(source: BinaryIO) -> None:
    while (part := source.readline(SKIP_BYTES)) and not part.endswith(b"\n"):
        pass


@contextmanager
def _output_errors() -> Iterator[None]:
    """End quietly when nobody reads any longer, and with a sentence when the disk is full."""
    try:
        yield
    except BrokenPipeError:
        _abandon_output()
        raise SystemExit(EXIT_BROKEN_PIPE) from None
    except OSError as error:
        _abandon_output()
        raise click.ClickException(f"reading or writing failed: {error.strerror or error}") from error


def _abandon_output() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not fail once more."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int], None]]:
    """Count lines on stderr when a person watches it and the answers go elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _number: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed} lines"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as display:
        task = display.add_task(what, total=None)

        def advance(number: int) -> None:
            if number % PROGRESS_EVERY == 0:
                display.update(task, completed=number)

        yield advance
