"""`belowline backtest`: what a changed policy would have made of past comments, before it acts."""

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
import msgspec

from belowline.cli.options import head_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from belowline.engine.models.head import Head
    from belowline.engine.policy import Policy
    from belowline.engine.rehearsal import Case, Rehearsal
    from belowline.engine.rehearsal_scores import Scorer
    from belowline.stories.models import Site

PROGRESS_EVERY = 200
"""Comments between two updates of the display."""


@click.command(short_help="Try a policy on past comments before it acts.")
@click.option("--on", "history", type=click.File("rb"), help="The past: JSON lines as `calibrate` reads; - for stdin.")
@click.option("--site", "site_key", metavar="SITE", help="The past: what the site with this key has had judged.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The policy to compare with. Default: the one that acts on SITE; without a site, the one that is shipped.",
)
@head_option
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures into this file."
)
@click.option(
    "--html",
    "html_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page with plots into this file.",
)
@click.option(
    "--list",
    "most",
    type=click.IntRange(0, 100_000),
    default=200,
    show_default=True,
    help="So many of the comments that change sides are listed in the files, the worst first.",
)
@click.argument("policy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def backtest(  # noqa: PLR0913, PLR0917 - a command's options
    history: BinaryIO | None,
    site_key: str | None,
    against: Path | None,
    head: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    most: int,
    policy: Path,
) -> None:
    """Say what POLICY would have published, held and rejected of past comments, and what moderators had decided.

    Nothing is changed. Exit status: 0, compared; 1, a file could not be written; 2, wrong input.
    """
    from belowline.cli.calibrate import write
    from belowline.cli.loading import file_head, start_errors
    from belowline.cli.policy import find_site
    from belowline.cli.rehearsal_page import render_page
    from belowline.cli.rehearsal_table import show
    from belowline.engine.policy import load_policy

    if (history is None) == (site_key is None):
        raise click.UsageError("say which past: --on HISTORY or --site SITE, one of the two")
    if head and site_key:
        raise click.UsageError("--head goes with --on HISTORY; a site has its own")
    check_files(policy, against, json_file, html_file)
    site = find_site(site_key) if site_key else None
    with start_errors():
        after = load_policy(policy)
        before = policy_of(site) if site and not against else load_policy(against)
        found = compare(history, site, before, after, most, file_head(head) if head else None)
    for note in notes(found):
        click.echo(f"Note: {note}", err=True)
    write(json_file, msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    write(html_file, render_page(found, before, after).encode())
    show(found, before, after)


def check_files(*paths: Path | None) -> None:
    """Refuse file names that cannot work, before anything is scored.

    Raises:
        UsageError: two files are the same, or a folder is missing.
    """
    named = [path.resolve() for path in paths if path]
    outputs = [path for path in paths[2:] if path]
    if any(named.count(path.resolve()) > 1 for path in outputs):
        raise click.UsageError("--json and --html must name files of their own, so that nothing is lost")
    for path in outputs:
        if not path.parent.is_dir():
            raise click.UsageError(f"there is no folder {path.parent} to write {path.name} into; make it first")


def compare(  # noqa: PLR0913, PLR0917 - both pasts, both policies
    history: BinaryIO | None,
    site: "Site | None",
    before: "Policy",
    after: "Policy",
    most: int,
    head: "Head | None" = None,
) -> "Rehearsal":
    """Compare two policies on one of the two pasts; a site's own head takes the place of `head`."""
    from belowline.engine.rehearsal import Counter

    counter = Counter(before, after, most)
    cases: Iterator[Case] = iter(())
    if history is not None:
        cases = history_cases(history, before, after, head)
    elif site is not None:
        cases = site_cases_of(site, before, after)
    with watched() as advance:
        for number, case in enumerate(cases, 1):
            counter.add(case)
            advance(number)
    found = counter.result()
    if site is not None:
        from belowline.moderation.past_cases import with_texts

        found.changes = with_texts(found.changes)
    return found


def history_cases(source: BinaryIO, before: "Policy", after: "Policy", head: "Head | None" = None) -> "Iterator[Case]":
    """Yield the comments of a file of JSON lines; scores that it brings are taken for ones of the old policy's.

    Raises:
        StartError: a line is wrong, or there is none.
    """
    from belowline.cli.history import History
    from belowline.engine.rehearsal import Case
    from belowline.engine.rehearsal_scores import Given

    scorer, history, stale = scorer_of(before, after, head), History(source), 0
    for number, line in history:
        if history.wrong:
            continue  # nothing will be shown: only the other wrong lines are still looked for
        given = Given(line.past.scores, before.settings) if line.is_scored else None
        measured = scorer.measure(line.submission, given)
        stale += measured.is_stale
        yield Case(
            key=line.submission.id or f"line {number}",
            before=measured.before,
            after=measured.after,
            is_good=line.past.is_good,
            section=line.past.section,
            rule=line.past.rule,
            text=line.submission.text,
            causes=measured.causes,
            judges_topic=line.past.judges_topic,
        )
    history.check("Nothing was compared")
    if stale:
        click.echo(f"Note: {stale_words(stale, before, after)}", err=True)


def stale_words(lines: int, before: "Policy", after: "Policy") -> str:
    """Return what is inexact because lines bring scores and no text."""
    from belowline.engine.rehearsal_scores import scores_that_differ

    names = ", ".join(sorted(scores_that_differ(before.settings, after.settings)))
    return (
        f"{lines:,} lines bring scores and no text, so these scores are not measured with the new settings: {names}; "
        "give the texts, too"
    )


def scorer_of(before: "Policy", after: "Policy", head: "Head | None" = None) -> "Scorer":
    """Return what measures comments; the models are loaded when a first comment needs them."""
    from belowline.cli import loading
    from belowline.engine.rehearsal_scores import Scorer

    return Scorer(before, after, lambda: loading.load_engine().with_head(head))


def policy_of(site: "Site") -> "Policy":
    """Return the policy that acts on a site."""
    from belowline.moderation.engine import site_policy

    return site_policy(site)


def site_cases_of(site: "Site", before: "Policy", after: "Policy") -> "Iterator[Case]":
    """Yield the comments of a site that the engine judged, the newest first.

    Raises:
        StartError: there is none.
    """
    from belowline.cli.loading import StartError
    from belowline.moderation.engine import usable_head
    from belowline.moderation.past_cases import site_cases

    number = 0
    scorer = scorer_of(before, after, usable_head(site))
    for number, case in enumerate(site_cases(site, scorer), 1):  # noqa: B007 - read after the loop
        yield case
    if not number:
        raise StartError(f"nothing was judged on {site.name} yet. Nothing was compared")


@contextmanager
def watched() -> "Iterator[Callable[[int], None]]":
    """Count comments on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _number: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("Comparing {task.completed:,} comments"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task("", total=None)

        def advance(number: int) -> None:
            if number % PROGRESS_EVERY == 0:
                display.update(task, completed=number)

        yield advance


def notes(found: "Rehearsal") -> list[str]:
    """Return what is no error, but what the operator should know."""
    said = [
        f"`{code}` is met by every comment; is its score in the history?"
        for code, rule in found.rules.items()
        if rule.after and rule.after.met.total == found.comments and not rule.after.background
    ]
    if found.comments and not (found.before.publish.bad + found.before.hold.bad + found.before.reject.bad):
        said.append("moderators refused none of these comments; is this the whole history?")
    return said
