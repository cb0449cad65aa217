"""`belowline score`: every score of every comment, as JSON lines."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from belowline.cli.options import INPUT, bulk_options, head_option
from belowline.engine.decision import Score, Span, Unchecked

if TYPE_CHECKING:
    from belowline.cli.jsonlines import Answer
    from belowline.engine.judge import Engine
    from belowline.engine.submission import Submission

DIGITS = 4
"""Digits after the decimal point in every output."""


class ScoreOut(msgspec.Struct):
    """One line of output. Offsets count the code points of the text as it was given, end exclusive."""

    id: str | int | None
    language: str
    scores: dict[str, float | None]
    spans: list[Span]
    unchecked: list[Unchecked]
    model: str


@click.command(short_help="Score comments: JSON lines in, JSON lines out.")
@head_option
@bulk_options
@click.argument("file", type=INPUT, default="-")
def score(head: Path | None, file: str, **choice: Any) -> None:
    """Score the comments in FILE (default: standard input), one JSON object a line.

    In: {"id"?, "text", "story"?: {"title", "body"?}, "parent"?, "language"?}.
    Out, in the same order: {"id", "language", "scores", "spans", "unchecked", "model"}.
    FILE may be Parquet with these columns, a folder of such files, or an address such as s3://.
    """
    from belowline.cli.bulk import Choice, answer_all

    answer_all("score", None, head, file, Choice(**choice))


def answer_with(engine: "Engine") -> "Answer":
    """Return what makes the line of output of a submission."""

    def answer(submission: "Submission", identity: str | int | None) -> ScoreOut:
        scores, language = engine.score(submission)
        return as_output(identity, language, scores, engine.model)

    return answer


def as_output(identity: str | int | None, language: str, scores: dict[str, Score], model: str) -> ScoreOut:
    """Return the line of output for the scores of one submission."""
    spans = [rounded_span(span) for found in scores.values() for span in found.spans]
    return ScoreOut(
        id=identity,
        language=language,
        scores={name: rounded(found.value) for name, found in scores.items()},
        spans=sorted(spans, key=lambda span: (span.start, span.end, span.label)),
        unchecked=[Unchecked(name, found.cause) for name, found in scores.items() if found.value is None],
        model=model,
    )


def rounded(value: float | None) -> float | None:
    """Return the score with four digits; None stays None."""
    return None if value is None else round(float(value), DIGITS)


def rounded_span(span: Span) -> Span:
    """Return the span with its score in four digits."""
    return Span(int(span.start), int(span.end), round(float(span.score), DIGITS), span.label)
