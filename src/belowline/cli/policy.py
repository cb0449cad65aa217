"""`belowline policy`: checks a policy file and shows its rules, or prints the JSON Schema."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from belowline.engine.guarantees import Certificate
    from belowline.engine.policy import Policy, Rule
    from belowline.stories.models import Site

COLUMNS = ("rule", "score", "hold", "reject", "unchecked", "sections", "title")
VERSION_COLUMNS = ("number", "version", "since", "by", "changes")
SHIPPED = "0"
"""The number of the policy that is shipped, which has no row."""
MAX_DIGITS = 19
"""So many digits are more than any number of a version has."""


@click.command(short_help="Check a policy file and show its rules.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a policy file.")
@click.option("--text", is_flag=True, help="Print the policy that is shipped, as a start for your own.")
@click.option("--activate", "site", metavar="SITE", help="Let FILE act on the site with this key from now on.")
@click.option("--versions", "listed", metavar="SITE", help="List the versions that have acted on the site.")
@click.option(
    "--restore",
    "restored",
    nargs=2,
    metavar="SITE NUMBER",
    help="Let an earlier version act on the site again, by its number in --versions; 0 is the shipped policy.",
)
@click.option(
    "--certificate",
    "certificate_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --activate: what `belowline calibrate` proved of FILE; the promise is watched from then on.",
)
@click.argument("file", type=click.Path(path_type=Path), required=False)
def policy(  # noqa: PLR0913, PLR0917 - a command's options
    schema: bool,  # noqa: FBT001 - click's flags
    text: bool,  # noqa: FBT001
    site: str | None,
    listed: str | None,
    restored: tuple[str, str] | None,
    certificate_file: Path | None,
    file: Path | None,
) -> None:
    """Check the policy in FILE (default: the one that is shipped) and print a table of its rules.

    A wrong policy gives the line, the key and the mend, and exit status 2.
    """
    from belowline.cli.loading import start_errors
    from belowline.engine.policy import default_policy_text, load_policy, policy_schema

    if file is not None and (schema or text or listed or restored):
        raise click.UsageError("--schema, --text, --versions and --restore take no FILE")
    if site is not None and file is None:
        raise click.UsageError("--activate needs the FILE of the policy that shall act")
    if certificate_file is not None and site is None:
        raise click.UsageError("--certificate goes with --activate: it is kept with the policy that acts")
    if schema:
        click.echo(json.dumps(policy_schema(), indent=2, ensure_ascii=False))
    elif text:
        click.echo(default_policy_text(), nl=False)
    elif listed:
        show_versions(listed)
    elif restored:
        restore(*restored)
    else:
        with start_errors():
            checked = load_policy(file)
        show_policy(checked)
        if site is not None and file is not None:
            activate(site, file, read_certificate(certificate_file) if certificate_file else None)


def read_certificate(file: Path) -> "Certificate":
    """Return a certificate as `belowline calibrate` wrote it.

    Raises:
        ClickException: it is none.
    """
    import msgspec

    from belowline.engine.guarantees import Certificate

    try:
        return msgspec.json.decode(file.read_bytes(), type=Certificate)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise click.ClickException(
            f"{file} is no certificate ({error}); give the file that `belowline calibrate --certificate` wrote"
        ) from error


def find_site(key: str) -> "Site":
    """Return the site with this key, out of the newsroom's database.

    Raises:
        ClickException: there is no such site.
    """
    from belowline.cli.django import set_up

    set_up()
    from belowline.stories.models import Site

    site = Site.objects.filter(key=key).first()
    if site is None:
        raise click.ClickException(f"there is no site with the key {key}; `belowline doctor` looks at the sites")
    return site


def activate(site_key: str, file: Path, certificate: "Certificate | None" = None) -> None:
    """Let a policy that was checked act on a site; running servers follow with the next comment.

    Raises:
        ClickException: there is no such site, or the certificate is about another policy.
    """
    site = find_site(site_key)
    from belowline.engine.errors import CertificateError
    from belowline.moderation.actions.activate_policy import activate_policy

    try:
        row = activate_policy(site=site, text=file.read_text("utf-8"), certificate=certificate)
    except CertificateError as error:
        raise click.ClickException(f"{error.message}. Nothing was changed") from error
    click.echo(f"{row.version} acts on {site.name} from now on.", err=True)
    if certificate is not None:
        promise = f"{100 * certificate.promise.bad_published:.3g} %"
        click.echo(f"Its promise is watched: at most {promise} of what it publishes would be refused.", err=True)


def show_versions(site_key: str) -> None:
    """Print a site's versions, the newest first, as tab-separated values: number, version, time, who, what changed.

    Raises:
        ClickException: there is no such site.
    """
    site = find_site(site_key)
    from belowline.moderation.policy_versions import policy_steps

    click.echo("\t".join(VERSION_COLUMNS))
    for step in policy_steps(site):
        row = step.row
        who = row.activated_by.display_name if row.activated_by else "command line"
        changed = "; ".join(one.words for one in step.changes) or "the same rules and settings"
        cells = (str(row.pk), row.version, row.created_at.isoformat(timespec="seconds"), who, changed)
        click.echo("\t".join(" ".join(cell.split()) for cell in cells))


def restore(site_key: str, number: str) -> None:
    """Let an earlier version act on a site again; 0 is the policy that is shipped.

    Raises:
        ClickException: there is no such site, or it has no such version.
    """
    site = find_site(site_key)
    from belowline.moderation.actions.restore_policy import restore_policy
    from belowline.moderation.models import PolicyVersion

    rows = PolicyVersion.objects.filter(site=site)
    earlier = rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < MAX_DIGITS else None
    if earlier is None and number != SHIPPED:
        raise click.ClickException(
            f"{site.name} has no version with the number {number}; `belowline policy --versions {site.key}` lists them"
        )
    row = restore_policy(site=site, earlier=earlier)
    click.echo(f"{row.version} acts on {site.name} from now on.", err=True)


def show_policy(checked: "Policy") -> None:
    """Print the rules: a drawn table on a terminal, tab-separated values in a pipe."""
    rows = [rule_row(code, rule) for code, rule in checked.rules.items()]
    if not sys.stdout.isatty():
        for row in (COLUMNS, *rows):
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*COLUMNS, title=escape(f"{checked.name} ({checked.version})"))
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)


def rule_row(code: str, rule: "Rule") -> tuple[str, ...]:
    """Return what the table says of one rule, in the order of COLUMNS."""
    return (
        code,
        rule.score,
        ", ".join([f"{rule.hold:g}", *(f"{section} {hold:g}" for section, hold in rule.hold_in.items())]),
        "-" if rule.reject is None else f"{rule.reject:g}",
        "background" if rule.background else rule.unchecked,
        ", ".join(rule.sections) or "all",
        " ".join(rule.title.split()),
    )
