"""A history as JSON lines: comments that moderators decided, as `calibrate` and `backtest` read it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, BinaryIO, NamedTuple

import click
import msgspec

if TYPE_CHECKING:
    from belowline.engine.cutoffs import Past
    from belowline.engine.submission import Submission

SHOWN_ERRORS = 10
OUTCOMES = {
    "published": True,
    "publish": True,
    "refused": False,
    "refuse": False,
    "rejected": False,
    "reject": False,
}
"""The words that are understood, whatever their case -> whether the moderators published the comment."""


class PastIn(msgspec.Struct):
    """What a line of the history has besides the fields that `score` and `judge` read."""

    outcome: str
    rule: str | None = None
    at: str | None = None
    section: str | None = None
    model: str | None = None
    scores: dict[str, Annotated[float, msgspec.Meta(ge=0, le=1)] | None] | None = None


class Line(NamedTuple):
    """A line of the history as it was understood."""

    past: "Past"
    submission: "Submission"
    """Its text may be empty where the line brings its scores."""
    is_scored: bool
    """Whether the line brings its scores."""
    model: str
    raw: bytes = b""
    """The line as it came, for whoever measures it elsewhere."""


_decoder = msgspec.json.Decoder(PastIn)


class History:
    """Reads a history line by line, in the order in which it stands there; goes on after wrong lines to name them.

    `anew`: scores that the lines bring are left aside, so each line needs its text.
    """

    def __init__(self, source: BinaryIO, *, anew: bool = False) -> None:
        self.source = source
        self.anew = anew
        self.lines = 0
        """Right lines so far."""
        self.wrong = 0

    def __iter__(self) -> Iterator[tuple[int, Line]]:
        """Yield the number, from 1, and the content of each right line; the first wrong ones are named on stderr."""
        from belowline.bulk.lines import read_lines
        from belowline.cli.jsonlines import LineError
        from belowline.engine.errors import SubmissionError

        has_time = None
        for number, raw in read_lines(self.source):
            try:
                line = read_line(raw, anew=self.anew)
                if has_time not in {None, line.past.at is not None}:
                    raise LineError("give `at` in every line, or in none; without it, the oldest comes first")
            except SubmissionError as error:
                self._refuse(number, error.message)
                continue
            has_time = line.past.at is not None
            self.lines += 1
            yield number, line

    def _refuse(self, number: int, message: str) -> None:
        self.wrong += 1
        if self.wrong <= SHOWN_ERRORS:
            click.echo(f"line {number}: {message}", err=True)

    def check(self, undone: str) -> None:
        """Refuse a history of which a line was wrong, or that has none; `undone` says what was not done.

        Raises:
            StartError: each of the first wrong lines was named on stderr.
        """
        from belowline.cli.loading import StartError

        if self.wrong:
            raise StartError(f"lines that cannot be read: {self.wrong}; mend them. {undone}")
        if not self.lines:
            raise StartError(f"the history is empty; give one decision a line. {undone}")


def read_line(raw: bytes | None, *, anew: bool = False) -> Line:
    """Read one line of the history; `anew`: its text is to be scored, also where it brings scores.

    Raises:
        SubmissionError: it is no decision, or its text cannot be judged; the message says what to do.
    """
    from belowline.cli.jsonlines import LineError, as_submission, parse_line
    from belowline.engine.cutoffs import Past
    from belowline.engine.judge import check_submission

    submission = as_submission(parse_line(raw))
    try:
        given = _decoder.decode(raw or b"")
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$.")
        raise LineError(f"`{where}: {message}" if where else message) from error
    is_good = OUTCOMES.get(given.outcome.strip().lower())
    if is_good is None:
        raise LineError('`outcome` is "published" or "refused"; leave lines out that nobody decided')
    scores = None if anew else given.scores
    if scores is None:
        check_submission(submission)
    past = Past(
        scores=scores or {},
        is_good=is_good,
        section=given.section or (submission.story.section if submission.story else ""),
        language=submission.language or "",
        rule=given.rule or "",
        at=read_time(given.at),
        judges_topic=submission.story.judges_topic if submission.story else True,
    )
    return Line(past, submission, scores is not None, given.model or "", raw or b"")


def read_time(stated: str | None) -> datetime | None:
    """Return the time; one without a zone is taken for UTC.

    Raises:
        LineError: it is not ISO 8601.
    """
    from belowline.cli.jsonlines import LineError

    if stated is None:
        return None
    try:
        read = datetime.fromisoformat(stated)
    except ValueError as error:
        raise LineError("`at` is a time as in ISO 8601, such as 2026-11-23T09:30:00Z") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)
