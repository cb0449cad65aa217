"""`belowline statements`: the EU's statements of reasons and yearly figures, exported, sent, written."""

import csv
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from belowline.moderation.models import Decision
    from belowline.stories.models import Site

EXIT_WRONG = 1
Record = dict[str, Any]


class Period(NamedTuple):
    """Which decisions are meant: [since, until) of a site, or of all."""

    site: "Site | None"
    since: datetime | None
    until: datetime | None


def _period(command: Any) -> Any:
    """Add the options that say which decisions are meant."""
    day = click.DateTime(formats=["%Y-%m-%d"])
    for option in (
        click.option("--until", type=day, help="Decisions before this day (YYYY-MM-DD)."),
        click.option("--since", type=day, help="Decisions from this day on (YYYY-MM-DD)."),
        click.option("--site", "site_key", help="The key of the site; all sites without it."),
    ):
        command = option(command)
    return command


@click.group()
def statements() -> None:
    """Export, send and count the statements of reasons of the Digital Services Act."""
    from belowline.cli.django import set_up

    set_up()


@statements.command()
@_period
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
def export(site_key: str | None, since: datetime | None, until: datetime | None, form: str) -> None:
    """Write the statements to standard output; a wrong one goes to standard error, whole, and the exit status is 1."""
    write = _csv_writer() if form == "csv" else _write_line
    wrong = 0
    for decision, record, problems in _records(_find_period(site_key, since, until)):
        if problems:
            _report(decision, record, problems)
            wrong += 1
        else:
            write(record)
    if wrong:
        click.echo(f"{wrong} wrong; each stands above with what is wrong in it.", err=True)
        sys.exit(EXIT_WRONG)


@statements.command()
@_period
@click.option("--url", required=True, help="The database's API, such as https://transparency.dsa.ec.europa.eu/api/v1.")
@click.option("--token-file", type=click.Path(path_type=Path), help="A file that holds the token. Not for --dry-run.")
@click.option("--dry-run", is_flag=True, help="Check everything and say what would be sent; send nothing.")
def send(  # noqa: PLR0913, PLR0917 - a command's options
    site_key: str | None,
    since: datetime | None,
    until: datetime | None,
    url: str,
    token_file: Path | None,
    dry_run: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Send the statements that were not sent there yet."""
    from belowline.engine.errors import BelowlineError
    from belowline.moderation.actions.send_statements import unsent
    from belowline.moderation.statements.client import BATCH, clean_url

    if token_file is None and not dry_run:
        raise click.UsageError("give the --token-file, or --dry-run")
    try:
        url = clean_url(url)
        found = list(_records(_find_period(site_key, since, until)))
        right = [(decision, record) for decision, record, problems in found if not problems]
        for row in found:
            if row[2]:
                _report(*row)
        wrong = len(found) - len(right)
        if dry_run:
            count = len(unsent(right, url))
            click.echo(
                f"{count} to send in {-(-count // BATCH)} batches, {len(right) - count} sent before, {wrong} wrong."
            )
        else:
            wrong += _send(right, url, _read_token(token_file))
    except BelowlineError as error:
        raise click.ClickException(error.message) from error
    if wrong:
        sys.exit(EXIT_WRONG)


@statements.command()
@click.option("--year", type=click.IntRange(2020, 2100), required=True, help="The calendar year.")
@click.option("--site", "site_key", help="The key of the site; all sites together without it.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write to.")
def figures(year: int, site_key: str | None, out: Path) -> None:
    """Write the yearly transparency figures: one CSV a sheet."""
    from belowline.moderation.statements.figures import as_csv, year_of
    from belowline.moderation.statements.figures import figures as count

    sheets = count(year_of(year, _find_site(site_key)))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, sheet in sheets.items():
            path = out / f"{year}_{name}.csv"
            path.write_text(as_csv(sheet), "utf-8", newline="")
            click.echo(path)
    except OSError as error:
        raise click.ClickException(f"the files cannot be written ({error})") from error


@statements.command()
def schema() -> None:
    """Print the JSON Schema of a statement."""
    from belowline.moderation.statements.record import statement_schema

    click.echo(json.dumps(statement_schema(), indent=2))


def _find_period(site_key: str | None, since: datetime | None, until: datetime | None) -> Period:
    from django.utils import timezone

    begin, end = (timezone.make_aware(day) if day else None for day in (since, until))
    return Period(_find_site(site_key), begin, end)


def _find_site(site_key: str | None) -> "Site | None":
    from belowline.cli.policy import find_site

    return find_site(site_key) if site_key else None


def _records(period: Period) -> Iterator[tuple["Decision", Record, list[str]]]:
    """Yield each decision with its record and what is wrong with that."""
    from belowline.moderation.statements.build import Builder
    from belowline.moderation.statements.record import problems_of
    from belowline.moderation.statements.restrictions import restrictions

    builder = Builder()
    for restriction in restrictions(*period):
        record = builder.build(restriction).as_record()
        yield restriction.decision, record, problems_of(record)


def _write_line(record: Record) -> None:
    click.echo(json.dumps(record, ensure_ascii=False))


def _csv_writer() -> Callable[[Record], None]:
    """Return what writes records as RFC 4180: a column for each field; lists as JSON."""
    from belowline.moderation.statements.record import FIELDS

    writer = csv.writer(sys.stdout)
    writer.writerow(FIELDS)

    def write(record: Record) -> None:
        cells = (record.get(field, "") for field in FIELDS)
        writer.writerow([json.dumps(cell) if isinstance(cell, list) else cell for cell in cells])

    return write


def _report(decision: "Decision", record: Record, problems: list[str]) -> None:
    """Write a wrong statement to standard error, whole."""
    line = {"decision": decision.pk, "problems": problems, "statement": record}
    click.echo(json.dumps(line, ensure_ascii=False), err=True)


def _read_token(file: Path | None) -> str:
    try:
        token = file.read_text("utf-8").strip() if file else ""
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{file} cannot be read ({error})") from error
    if not token or not token.isascii() or len(token.split()) != 1:
        raise click.ClickException(
            f"{file} holds no token; put the token of the database's API into it, and nothing else"
        )
    return token


def _send(found: list[tuple["Decision", Record]], url: str, token: str) -> int:
    """Send, saying what becomes of it; return how many were refused."""
    from belowline.moderation.actions.send_statements import send_statements
    from belowline.moderation.statements.client import Client, Refused

    decisions = {record["puid"]: (decision, record) for decision, record in found}
    sent = there = refused = 0
    try:
        for answer in send_statements(statements=found, client=Client(url, token)):
            for result in answer:
                if isinstance(result, Refused):
                    _report(*decisions[result.puid], result.problems)
                    refused += 1
                elif result.is_new:
                    sent += 1
                else:
                    there += 1
    finally:
        click.echo(f"{sent} sent, {there} were there already, {refused} refused.")
    return refused
