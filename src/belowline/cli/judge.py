"""`belowline judge`: what the policy decides about every comment, and why, as JSON lines."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from belowline.cli.options import INPUT, bulk_options, head_option
from belowline.engine.decision import Decision, Outcome, Reason, Unchecked

if TYPE_CHECKING:
    from belowline.cli.jsonlines import Answer
    from belowline.engine.judge import Engine
    from belowline.engine.submission import Submission

DIGITS = 4


class ReasonOut(msgspec.Struct):
    """A rule that was met. Offsets count code points, end exclusive; null where no passage stands out."""

    rule: str
    signal: str
    score: float | None
    threshold: float
    start: int | None
    end: int | None
    explanation: str


class JudgeOut(msgspec.Struct):
    """One line of output."""

    id: str | int | None
    outcome: Outcome
    reasons: list[ReasonOut]
    unchecked: tuple[Unchecked, ...]
    policy: str
    model: str


@click.command(short_help="Judge comments by a policy: JSON lines in, JSON lines out.")
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The policy to judge by, a TOML file. Default: the one that is shipped.",
)
@head_option
@bulk_options
@click.argument("file", type=INPUT, default="-")
def judge(policy_file: Path | None, head: Path | None, file: str, **choice: Any) -> None:
    """Judge the comments in FILE (default: standard input), one JSON object a line.

    In: {"id"?, "text", "story"?: {"title", "body"?}, "parent"?, "language"?}.
    Out, in the same order: {"id", "outcome", "reasons", "unchecked", "policy", "model"}.
    FILE may be Parquet with these columns, a folder of such files, or an address such as s3://.
    """
    from belowline.cli.bulk import Choice, answer_all

    answer_all("judge", policy_file, head, file, Choice(**choice))


def answer_with(engine: "Engine") -> "Answer":
    """Return what makes the line of output of a submission."""

    def answer(submission: "Submission", identity: str | int | None) -> JudgeOut:
        return as_output(identity, engine.judge(submission))

    return answer


def as_output(identity: str | int | None, decision: Decision) -> JudgeOut:
    """Return the line of output for one decision."""
    return JudgeOut(
        id=identity,
        outcome=decision.outcome,
        reasons=[reason_out(reason) for reason in decision.reasons],
        unchecked=decision.unchecked,
        policy=decision.policy,
        model=decision.model,
    )


def reason_out(reason: Reason) -> ReasonOut:
    """Return a reason as it stands in the output, its score in four digits."""
    return ReasonOut(
        rule=reason.rule,
        signal=reason.signal,
        score=None if reason.score is None else round(float(reason.score), DIGITS),
        threshold=reason.threshold,
        start=reason.start,
        end=reason.end,
        explanation=reason.explanation,
    )
