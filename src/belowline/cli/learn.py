"""`belowline learn`: a small model of what a newsroom's moderators refuse, on top of the models that are shipped."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
import msgspec

from belowline.cli.options import head_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belowline.engine.judge import Engine
    from belowline.engine.learning import Gain, Lesson, Replay, Report

EXIT_NOT_DONE = 1
"""Nothing is wrong, but no head was accepted."""


@click.command(short_help="Learn what the moderators refuse.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the head of HISTORY into this file."
)
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With HISTORY: the policy that is replayed, a TOML file. Default: the one that is shipped.",
)
@head_option
@click.option("--site", "site_key", help="Learn from the decisions of this site; not needed where there is only one.")
@click.option("--dry-run", is_flag=True, help="Say what would come of it, and keep nothing.")
@click.option("--versions", is_flag=True, help="List what the site has learned so far.")
@click.option("--restore", type=int, metavar="NUMBER", help="Let this version act, and the one that acts rest.")
@click.option("--off", is_flag=True, help="Let no version act.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as one JSON object.")
@click.argument("history", type=click.File("rb"), required=False)
def learn(  # noqa: PLR0913, PLR0917 - a command's options
    out: Path | None,
    policy_file: Path | None,
    head: Path | None,
    site_key: str | None,
    dry_run: bool,  # noqa: FBT001 - a command's flag
    versions: bool,  # noqa: FBT001
    restore: int | None,
    off: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    history: BinaryIO | None,
) -> None:
    """Learn from the decisions of a site, or from those in HISTORY, which is as `belowline calibrate` reads it.

    The older 70 % teach, the newer 30 % test. What was learned gives the score `newsroom_refusal`, and acts only
    where it tells the newer decisions apart better than what there is now, and breaks no promise. Exit status: 0,
    accepted, or done; 1, not accepted; 2, wrong input.
    """
    for_site = bool(site_key or versions or restore is not None or off)
    check_options(history, out, for_file=bool(policy_file or head), for_site=for_site)
    if [versions, restore is not None, off, dry_run].count(True) > 1:
        raise click.UsageError("--versions, --restore, --off and --dry-run go one at a time")
    if history is not None:
        report = learn_from_file(history, policy_file, head, None if dry_run else out)
    else:
        from belowline.cli.learn_site import run

        found = run(site_key, versions=versions, restore=restore, off=off, dry_run=dry_run)
        if found is None:
            return
        report = found
    click.echo(msgspec.json.format(msgspec.json.encode(report)).decode() if as_json else describe(report))
    if report.status != "accepted":
        raise SystemExit(EXIT_NOT_DONE)


def check_options(history: BinaryIO | None, out: Path | None, *, for_file: bool, for_site: bool) -> None:
    """Refuse options that do not go together.

    Raises:
        UsageError: the message says which.
    """
    if history is not None and for_site:
        raise click.UsageError(
            "--site, --versions, --restore and --off are for a site's own decisions: leave HISTORY out"
        )
    if history is None and (out or for_file):
        raise click.UsageError("--out, --policy and --head go with HISTORY; a site keeps what it learns itself")
    if out and not out.parent.is_dir():
        raise click.UsageError(f"there is no folder {out.parent} to write {out.name} into; make it first")


def learn_from_file(source: BinaryIO, policy: Path | None, present: Path | None, out: Path | None) -> "Report":
    """Learn from a file of decisions; write an accepted head into `out`.

    Raises:
        StartError: a line, the policy or a head is wrong, or a model is missing or damaged.
        ClickException: the file cannot be written.
    """
    from belowline.cli import loading
    from belowline.cli.calibrate import write
    from belowline.engine.learning import Learner
    from belowline.engine.learning import learn as learn_head

    engine = loading.load_engine(policy)
    with loading.start_errors():
        abuse = engine.abuse
        acting = loading.file_head(present) if present else None
        if acting:
            acting.check_fits(abuse.version, abuse.traits_width)
    learner = Learner(policy=engine.policy, base=abuse.version, pooled=abuse.pooled_width, present=acting)
    report, head = learn_head(learner, list(read_lessons(engine, source)))
    if head and report.status == "accepted":
        write(out, head.to_bytes())
    return report


def read_lessons(engine: "Engine", source: BinaryIO) -> "Iterator[Lesson]":
    """Yield the decisions of a file, scored, the oldest first; those that the abuse model cannot read are left out.

    Raises:
        StartError: lines are wrong; each was named on stderr. Or there is none.
    """
    from belowline.cli.calibrate import read_history
    from belowline.cli.progress import watch
    from belowline.engine.learning import MOST_DECISIONS, read_lesson

    lines = read_history(source, anew=True)
    left_out = 0
    for line in watch(lines[-MOST_DECISIONS:]):
        lesson = read_lesson(engine, line.submission, line.past) if line.submission else None
        if lesson:
            yield lesson
        else:
            left_out += 1
    if left_out:
        click.echo(f"Note: left out, because they are not in English: {left_out:,}", err=True)


def describe(report: "Report") -> str:
    """Return the report in words."""
    counted = (
        f"{report.decisions:,} decisions of persons, {report.refused:,} of them refusals: "
        f"{report.learned_on:,} to learn from, the newer {report.tested_on:,} to test with."
    )
    if report.status == "too_few":
        return f"{counted}\n{too_few(report)}"
    lines = [counted]
    if report.gain:
        lines.append(gain_words(report.gain))
    if report.replay:
        lines += replay_words(report.replay)
    return "\n".join((*lines, VERDICTS[report.status]))


VERDICTS = {
    "accepted": "Accepted: it is better than what there was, and breaks no promise.",
    "no_gain": "Not accepted: the newer decisions do not show that it is better. What there was stays.",
    "bound_broken": (
        "Not accepted: with it, the newer decisions do not prove what the certificate promises. What there was stays. "
        "Calibrate with it, or wait for more decisions."
    ),
}


def too_few(report: "Report") -> str:
    """Return what is missing, and how much of it."""
    from belowline.engine.learning import LEAST_DECISIONS, LEAST_OF_EACH, LEAST_TESTED

    if report.more_decisions:
        return (
            f"Too few to learn from: at least {LEAST_DECISIONS} decisions of persons are needed, "
            f"{report.more_decisions:,} more than there are. Nothing was learned."
        )
    return (
        f"Too few {report.more_of_one} comments: at least {LEAST_OF_EACH} are needed of either outcome, and "
        f"{LEAST_TESTED} of them among the newer decisions. Nothing was learned."
    )


def gain_words(gain: "Gain") -> str:
    """Return how much better it tells the newer decisions apart."""
    return (
        f"Told apart (area under the ROC curve, the newer decisions): {gain.head_auc:.3f}; "
        f"`{gain.rival}`, which there is now: {gain.rival_auc:.3f}; all scores together: {gain.all_scores_auc:.3f}. "
        f"Gain: {100 * gain.gain:+.1f} points (95 % interval: {100 * gain.low:+.1f} to {100 * gain.high:+.1f})."
    )


def replay_words(replay: "Replay") -> list[str]:
    """Return what the policy would have done with the newer comments, where a rule looks at the score."""
    if not replay.looks_at_head:
        return ["No rule of the policy that acts looks at `newsroom_refusal`, so the machine decides as before."]
    before, after = replay.before.bad_published, replay.after.bad_published
    words = (
        f"Of the newer comments the policy publishes {after.of:,} with it, {after.errors:,} of which were refused; "
        f"without it, {before.of:,} and {before.errors:,}."
    )
    if replay.promise is None:
        return [words, "No certificate promises anything: calibrate, so that the numbers of this rule are proven."]
    return [words, f"Promised: at most {100 * replay.promise.bad_published:.3g} % bad ones of what is published."]
