"""`belowline backtest`: what a changed policy would have made of past comments, before it acts."""

import os
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple, cast

import click
import msgspec

from belowline.cli.options import address_option, head_option, processes_option
from belowline.cli.progress import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belowline.cli.history import History, Line
    from belowline.cli.measure_job import Measure, MeasureJob
    from belowline.engine.models.head import Head
    from belowline.engine.policy import Policy
    from belowline.engine.rehearsal import Case, Rehearsal
    from belowline.engine.rehearsal_scores import Scorer
    from belowline.stories.models import Site

RUNNERS = ("local", "ray")


class Where(NamedTuple):
    """Where a history is measured."""

    runner: Literal["local", "ray"] = "local"
    processes: int | None = None
    address: str | None = None
    is_file: bool = False
    """Whether the history is a file, whose size is known and which others can read."""


@click.command(short_help="Try a policy on past comments before it acts.")
@click.option(
    "--on",
    "on",
    multiple=True,
    metavar="HISTORY|ray|local",
    help="The past: JSON lines as `calibrate` reads; - for stdin. Once more, where the work is done: local, or ray.",
)
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
@processes_option
@address_option
@click.argument("policy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def backtest(  # noqa: PLR0913, PLR0917 - a command's options
    on: tuple[str, ...],
    site_key: str | None,
    against: Path | None,
    head: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    most: int,
    processes: int | None,
    address: str | None,
    policy: Path,
) -> None:
    """Say what POLICY would have published, held and rejected of past comments, and what moderators had decided.

    Nothing is changed. Exit status: 0, compared; 1, a file could not be written; 2, wrong input.
    """
    from belowline.cli.bulk import one_thread
    from belowline.cli.calibrate import write
    from belowline.cli.loading import start_errors
    from belowline.cli.measure_job import MeasureJob
    from belowline.cli.policy import find_site
    from belowline.cli.rehearsal_page import render_page
    from belowline.cli.rehearsal_table import show
    from belowline.engine.policy import load_policy

    history, where = read_on(on, processes, address)
    if (history is None) == (site_key is None):
        raise click.UsageError("say which past: --on HISTORY or --site SITE, one of the two")
    if site_key and where != Where():
        raise click.UsageError("--processes and --on ray go with --on HISTORY; a site is compared in one process")
    if head and site_key:
        raise click.UsageError("--head goes with --on HISTORY; a site has its own")
    check_files(policy, against, json_file, html_file)
    one_thread()
    site = find_site(site_key) if site_key else None
    with start_errors():
        after = load_policy(policy)
        before = policy_of(site) if site and not against else load_policy(against)
        job = MeasureJob(before, after, head.read_bytes() if head else None)
        if history is not None:
            found = compare(before, after, most, history_cases(history, job, where))
        elif site is not None:
            found = with_site_texts(compare(before, after, most, site_cases_of(site, before, after)))
    for note in notes(found):
        click.echo(f"Note: {note}", err=True)
    write(json_file, msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    write(html_file, render_page(found, before, after).encode())
    show(found, before, after)


def read_on(on: tuple[str, ...], processes: int | None, address: str | None) -> tuple[BinaryIO | None, Where]:
    """Return the history and where it is measured, out of what --on was given: a file, a word for where, or both.

    Raises:
        UsageError: the same is said twice, or things do not go together.
    """
    names, words = [name for name in on if name not in RUNNERS], [name for name in on if name in RUNNERS]
    if len(names) > 1 or len(words) > 1:
        raise click.UsageError("--on takes one HISTORY, and once more local or ray; a file of that name is ./ray")
    runner: Literal["local", "ray"] = "ray" if words == ["ray"] else "local"
    if address and runner != "ray":
        raise click.UsageError("--address goes with --on ray")
    is_file = bool(names) and Path(names[0]).is_file()
    if runner == "ray" and names and not is_file:
        raise click.UsageError("--on ray needs a HISTORY that is a file, which every machine of the cluster can read")
    opener = click.File("rb")
    history = cast("BinaryIO", opener.convert(names[0], None, click.get_current_context())) if names else None
    return history, Where(runner, processes, address, is_file)


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


def compare(before: "Policy", after: "Policy", most: int, cases: "Iterator[Case]") -> "Rehearsal":
    """Compare two policies on past comments."""
    from belowline.engine.rehearsal import Counter

    counter = Counter(before, after, most)
    with counted("Comparing", unit="comments") as advance:
        for case in cases:
            counter.add(case)
            advance(1)
    return counter.result()


def with_site_texts(found: "Rehearsal") -> "Rehearsal":
    """Return the figures of a site with the texts of the comments that change sides."""
    from belowline.moderation.past_cases import with_texts

    found.changes = with_texts(found.changes)
    return found


def history_cases(source: BinaryIO, job: "MeasureJob", where: Where) -> "Iterator[Case]":
    """Yield the comments of a file of JSON lines; scores that it brings are taken for ones of the old policy's.

    Raises:
        StartError: a line is wrong, or there is none.
    """
    from belowline.cli.history import History
    from belowline.engine.rehearsal import Case

    if where.runner == "ray":
        check_all(source)
    history, stale = History(source), 0
    lines = right_lines(history)
    first = next(lines, None)
    measure = measure_by(source, job, where, is_scored=first is None or first[1].is_scored)
    for number, line, measured in measure(chain([first] if first else [], lines)):
        if history.wrong:
            continue  # nothing will be shown: only the other wrong lines are still looked for
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
        click.echo(f"Note: {stale_words(stale, job.before, job.after)}", err=True)


def right_lines(history: "History") -> "Iterator[tuple[int, Line]]":
    """Yield lines up to the first wrong one; after it, the other wrong ones are still named."""
    for number, line in history:
        if not history.wrong:
            yield number, line


def check_all(source: BinaryIO) -> None:
    """Read a whole history before machines are asked to measure it; raises StartError where a line is wrong."""
    from belowline.cli.history import History

    history = History(source)
    for _ in history:
        pass
    history.check("Nothing was compared")
    source.seek(0)


def measure_by(source: BinaryIO, job: "MeasureJob", where: "Where", *, is_scored: bool) -> "Measure":
    """Return what measures the lines of a history: this process, several, or a Ray cluster."""
    from belowline.bulk.files import File
    from belowline.cli.bulk import Choice, default_processes, index_of
    from belowline.cli.measure_job import by_processes, here, on_ray

    size = os.fstat(source.fileno()).st_size if where.is_file else 0
    if where.runner == "ray":
        from belowline.bulk.cluster import PIECE_LINES

        index = index_of([File(str(source.name), size)], PIECE_LINES)
        return on_ray(job, index.pieces, Choice(processes=where.processes, address=where.address).cluster)
    scorer = job.scorer()
    processes = where.processes or (1 if is_scored else default_processes([File("", size)]))
    if processes == 1:
        return here(scorer)
    if not is_scored:
        scorer.load()  # before processes are forked, so that they share it
    return by_processes(job, scorer, processes)


def stale_words(lines: int, before: "Policy", after: "Policy") -> str:
    """Return what is inexact because lines bring scores and no text."""
    from belowline.engine.rehearsal_scores import scores_that_differ

    names = ", ".join(sorted(scores_that_differ(before.settings, after.settings)))
    return (
        f"{lines:,} lines bring scores and no text, so these scores are not measured with the new settings: {names}; "
        "give the texts, too"
    )


def scorer_of(before: "Policy", after: "Policy", head: "Head | None" = None) -> "Scorer":
    """Return what measures the comments of a site; the models are loaded when a first comment needs them."""
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
