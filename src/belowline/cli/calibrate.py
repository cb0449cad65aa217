"""`belowline calibrate`: cut-offs of which past decisions prove that they keep two promises, with a certificate."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import click
import msgspec

from belowline.cli.options import head_option

if TYPE_CHECKING:
    from belowline.engine.cutoffs import Past
    from belowline.engine.guarantees import Calibration, Certificate, Figures, Promise, Rate
    from belowline.engine.models.head import Head
    from belowline.engine.policy import Policy
    from belowline.engine.submission import Story, Submission

EXIT_NOT_DONE = 1
"""Nothing is wrong with the input, but it does not prove what was asked for."""


class Line(NamedTuple):
    """A line of the history as it was understood."""

    past: "Past"
    submission: "Submission | None"
    """What is still to be scored; None: the line brings its scores."""
    model: str


@click.command(short_help="Set the cut-offs so that past decisions back them.")
@click.option(
    "--bad-published",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.01,
    show_default=True,
    help="Of the comments that the machine publishes, at most this share are ones that moderators would refuse.",
)
@click.option(
    "--good-refused",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    show_default=True,
    help="Of the comments that moderators would publish, the machine rejects at most this share. 0: it rejects none.",
)
@click.option(
    "--confidence",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="How probable it shall be, over the draw of the history, that all this is kept.",
)
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The policy to calibrate, a TOML file. Default: the one that is shipped.",
)
@head_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the new policy into this file.")
@click.option(
    "--certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was promised, and on what evidence, into this file, as JSON.",
)
@click.option(
    "--site",
    "site_key",
    metavar="SITE",
    help="In place of HISTORY: a fair draw of what people decided on the site with this key, audits among it.",
)
@click.argument("history", type=click.File("rb"), required=False)
def calibrate(  # noqa: PLR0913, PLR0917 - a command's options
    bad_published: float,
    good_refused: float,
    confidence: float,
    policy_file: Path | None,
    head: Path | None,
    out: Path | None,
    certificate: Path | None,
    site_key: str | None,
    history: BinaryIO | None,
) -> None:
    """Set the cut-offs of a policy so that the moderators' decisions in HISTORY back them.

    HISTORY is a file, or - for standard input, with one JSON object a line: {"text", "outcome": "published" or
    "refused", "story"?, "parent"?, "language"?, "section"?, "rule"?, "at"?, "scores"?}, the oldest first or each with
    its time. Exit status: 0, calibrated; 1, not proven, or not written; 2, wrong input.
    """
    from belowline.cli.loading import file_head, start_errors
    from belowline.engine import guarantees
    from belowline.engine.policy import parse_policy

    if (history is None) == (site_key is None):
        raise click.UsageError("say which decisions: HISTORY or --site SITE, one of the two")
    check_files(policy_file, out, certificate)
    promise = guarantees.Promise(bad_published=bad_published, good_refused=good_refused, confidence=confidence)
    with start_errors():
        given = policy_text(policy_file, site_key)
        policy = parse_policy(given.replace("\r\n", "\n"))
        acting = file_head(head) if head else site_head(site_key) if site_key else None
        lines = read_history(history) if history else read_site(site_key or "", acting)
        decided, models = score_lines(policy, lines, acting)
    for note in notes(policy, decided):
        click.echo(f"Note: {note}", err=True)
    found = guarantees.calibrate(policy, decided, promise)
    text, version = new_policy(policy, given, found)
    made_at = datetime.now(UTC).replace(microsecond=0)
    proof = guarantees.certify(policy, decided, promise, found, policy_after=version, models=models, made_at=made_at)
    done = found.status == "calibrated"
    write(certificate, msgspec.json.format(msgspec.json.encode(proof), indent=2) + b"\n")
    write(out if done else None, text.encode())
    show(proof)
    if not done:
        click.echo(why_not(proof), err=True)
        raise SystemExit(EXIT_NOT_DONE)


def check_files(policy: Path | None, out: Path | None, certificate: Path | None) -> None:
    """Refuse file names that cannot work, before hours of scoring.

    Raises:
        UsageError: two files are the same, or a folder is missing.
    """
    named = [path.resolve() for path in (policy, out, certificate) if path]
    if len(named) > len(set(named)):
        raise click.UsageError("--policy, --out and --certificate must name different files, so that nothing is lost")
    for path in (out, certificate):
        if path and not path.parent.is_dir():
            raise click.UsageError(f"there is no folder {path.parent} to write {path.name} into; make it first")


def policy_text(file: Path | None, site_key: str | None) -> str:
    """Return the text of the policy to calibrate: that of the file, the one that acts on the site, or the shipped one.

    Raises:
        PolicyError: the file cannot be read.
        ClickException: there is no such site.
    """
    from belowline.cli.site_decisions import acting_text
    from belowline.engine.policy import default_policy_text, load_policy

    if file is not None:
        load_policy(file)  # says what is wrong with it
        return file.read_bytes().decode()
    return acting_text(site_key) if site_key else default_policy_text()


def site_head(key: str) -> "Head | None":
    """Return the head that acts on the site with this key; None: there is none that can be used.

    Raises:
        ClickException: there is no such site.
    """
    from belowline.cli.site_decisions import acting_head

    return acting_head(key)


def read_site(key: str, head: "Head | None" = None) -> list[Line]:
    """Return a fair draw of what people decided on a site, the oldest first.

    Scores are those of the decision where the models that are installed, and this head, gave them; all else is scored
    anew.

    Raises:
        ClickException: there is no such site.
        StartError: no audit was answered, so there is no fair draw.
    """
    from belowline.cli import loading
    from belowline.cli.site_decisions import drawn_decisions

    model = loading.load_engine().with_head(head).model
    lines = [Line(one.past, None if one.model == model else one.submission, one.model) for one in drawn_decisions(key)]
    return sorted(lines, key=lambda line: line.past.at or datetime.min.replace(tzinfo=UTC))


def read_history(source: BinaryIO, *, anew: bool = False) -> list[Line]:
    """Return the decisions, the oldest first; `anew`: scores that the lines bring are left aside.

    Raises:
        StartError: lines are wrong; each was named on stderr. Or there is none.
    """
    from belowline.cli.history import History

    history = History(source, anew=anew)
    stories: dict[Story | None, Story | None] = {}
    lines = [
        Line(line.past, None if line.is_scored else with_shared_story(line.submission, stories), line.model)
        for _, line in history
    ]
    history.check("Nothing was calibrated")
    return sorted(lines, key=lambda line: line.past.at or datetime.min.replace(tzinfo=UTC))


def with_shared_story(submission: "Submission", stories: "dict[Story | None, Story | None]") -> "Submission":
    """Return the submission with the first story of the same words: a history holds each article many times."""
    return msgspec.structs.replace(submission, story=stories.setdefault(submission.story, submission.story))


def score_lines(
    policy: "Policy", lines: Sequence[Line], head: "Head | None" = None
) -> tuple[list["Past"], dict[str, int]]:
    """Return the decisions with all scores, and how many each version of the models scored.

    Raises:
        StartError: a model is missing or damaged.
        ModelError: the head was learned on another model.
    """
    from belowline.cli import loading
    from belowline.cli.progress import watch

    if all(line.submission is None for line in lines):
        return [line.past for line in lines], dict(Counter(line.model for line in lines))
    engine = loading.load_engine().with_head(head).with_policy(policy)
    decided, models = [], Counter[str]()
    for past, submission, model in watch(lines):
        if submission is None:
            decided.append(past)
            models[model] += 1
            continue
        scores, language = engine.score(submission)
        measured = {name: score.value for name, score in scores.items()}
        causes = {name: score.cause for name, score in scores.items()}
        decided.append(past._replace(scores=measured, causes=causes, language=past.language or language))
        models[engine.model] += 1
    return decided, dict(models)


def notes(policy: "Policy", decided: "Sequence[Past]") -> list[str]:
    """Return what is no error, but what the operator should know of the history."""
    from belowline.engine.cutoffs import acting_rules

    unknown = sorted({past.rule for past in decided if past.rule} - set(policy.rules))
    found = [
        f"the policy has no rule `{code}`, which moderators named; these decisions count all the same"
        for code in unknown
    ]
    measured = {name for past in decided for name, value in past.scores.items() if value is not None}
    found += [
        f"no line has the score `{rule.score}`, so the rule `{code}` holds every comment that it looks at"
        for code, rule in acting_rules(policy).items()
        if rule.score not in measured and rule.unchecked == "hold"
    ]
    if len({past.is_good for past in decided}) == 1:
        found.append("all decisions are the same; is this the whole history?")
    return found


def new_policy(policy: "Policy", text: str, found: "Calibration") -> tuple[str, str]:
    """Return the policy's text with the new cut-offs, and its version; the text as it was where nothing is proven.

    Raises:
        StartError: the numbers cannot be written into this text; the message says how to mend it.
    """
    from belowline.cli.loading import start_errors
    from belowline.engine.cutoffs_text import write_cutoffs
    from belowline.engine.policy import parse_policy

    if found.status != "calibrated":
        return text, policy.version
    with start_errors():
        changed = write_cutoffs(text, found.codes, found.cutoffs)
        return changed, parse_policy(changed.replace("\r\n", "\n")).version


def write(path: Path | None, content: bytes) -> None:
    """Write a file as a whole or not at all; do nothing where no path is given.

    Raises:
        ClickException: it cannot be written.
    """
    if path is None:
        return
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
    click.echo(f"Wrote {path}", err=True)


def show(proof: "Certificate") -> None:
    """Print what the policy does before and after, which rules changed, and what the promise means."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    calibrated = proof.status == "calibrated"
    title = f"On the newer {proof.test.decisions:,} of {proof.history:,} decisions"
    table = Table("", "before", *(["after"] if calibrated else []), title=title)
    for row in zip(LABELS, figures(proof.before), figures(proof.after), strict=True):
        table.add_row(*row[: 3 if calibrated else 2])
    console.print(table)
    if not calibrated:
        return
    changed = Table("rule", "hold", "reject", "stopped", title="What changed")
    for code, rule in proof.rules.items():
        if (rule.hold_before, rule.reject_before) != (rule.hold_after, rule.reject_after):
            hold, reject = step(rule.hold_before, rule.hold_after), step(rule.reject_before, rule.reject_after)
            changed.add_row(code, hold, reject, f"{rule.met_before:,} → {rule.met_after:,}")
    console.print(changed if changed.row_count else "No cut-off changed.")
    console.print(meaning(proof.promise), highlight=False)


LABELS = ("published", "rejected", "settled by machine", "bad among published", "good, but rejected")


def figures(of: "Figures") -> tuple[str, ...]:
    """Return what the table says of one policy, in the order of LABELS."""
    rates = (rate_words(of.bad_published), rate_words(of.good_refused))
    return f"{of.published:,}", f"{of.rejected:,}", percent(of.coverage), *rates


def rate_words(rate: "Rate") -> str:
    """Return a rate with its bound."""
    share = "-" if rate.rate is None else percent(rate.rate)
    return f"{rate.errors:,} of {rate.of:,} = {share}; bound {percent(rate.bound)}"


def step(before: float | None, after: float | None) -> str:
    """Return how a number changed, or the number where it did not."""
    old, new = ("-" if number is None else f"{number:g}" for number in (before, after))
    return old if old == new else f"{old} → {new}"


def percent(share: float) -> str:
    """Return a share in [0, 1] as per cent, with three significant digits."""
    return f"{100 * share:.3g} %"


def meaning(promise: "Promise") -> str:
    """Return what is promised, and what that rests on, in words."""
    rejects = (
        f"it rejects at most {percent(promise.good_refused)} of those that they would have published"
        if promise.good_refused
        else "it rejects nothing"
    )
    return (
        f"With {percent(promise.confidence)} confidence: of the comments that the machine publishes, your moderators "
        f"would have refused at most {percent(promise.bad_published)}, and {rejects}. This takes their decisions for "
        "the truth, and comments to come for like those of the history: look at a sample of what the machine settles, "
        "and calibrate again when it, your readers or your rules change."
    )


def why_not(proof: "Certificate") -> str:
    """Return why nothing was calibrated, and what to do."""
    if proof.need and proof.need.more_decisions is None:
        return (
            "No cut-off would publish anything: each comment of the newer half has a score of 1, or one that could not "
            "be computed and that a rule holds for. See the notes. The policy stays as it is."
        )
    if proof.need:
        return (
            f"Too few decisions: {proof.need.published:,} published comments in the newer half must be without an "
            f"error. At the present rate about {proof.need.more_decisions:,} more decisions are needed, or a weaker "
            "promise. The policy stays as it is."
        )
    return (
        "No cut-offs are proven to keep this promise: among what would be published, the newer half has too many "
        "comments that moderators refused. Give more decisions, or a weaker promise. The policy stays as it is."
    )
