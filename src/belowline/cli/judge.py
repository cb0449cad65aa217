"""`belowline judge`: what the policy decides about every comment, and why, as JSON lines."""

from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from belowline.cli.options import head_option
from belowline.engine.decision import Decision, Outcome, Reason, Unchecked

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
@click.argument("file", type=click.File("rb"), default="-")
def judge(policy_file: Path | None, head: Path | None, file: BinaryIO) -> None:
    """Judge the comments in FILE (default: standard input), one JSON object a line.

    In: {"id"?, "text", "story"?: {"title", "body"?}, "parent"?, "language"?}.
    Out, in the same order: {"id", "outcome", "reasons", "unchecked", "policy", "model"}.
    """
    from belowline.cli.jsonlines import answer_lines
    from belowline.cli.loading import load_engine
    from belowline.engine.submission import Submission

    engine = load_engine(policy_file, head)

    def answer(submission: Submission, identity: str | int | None) -> JudgeOut:
        return as_output(identity, engine.judge(submission))

    answer_lines(file, answer, what="Judging")


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
