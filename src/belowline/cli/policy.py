"""`belowline policy`: checks a policy file and shows its rules, or prints the JSON Schema."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from belowline.engine.policy import Policy, Rule

COLUMNS = ("rule", "score", "hold", "reject", "unchecked", "sections", "title")


@click.command(short_help="Check a policy file and show its rules.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a policy file.")
@click.option("--text", is_flag=True, help="Print the policy that is shipped, as a start for your own.")
@click.option("--activate", "site", metavar="SITE", help="Let FILE act on the site with this key from now on.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def policy(schema: bool, text: bool, site: str | None, file: Path | None) -> None:  # noqa: FBT001 - click's flags
    """Check the policy in FILE (default: the one that is shipped) and print a table of its rules.

    A wrong policy gives the line, the key and the mend, and exit status 2.
    """
    from belowline.cli.loading import start_errors
    from belowline.engine.policy import default_policy_text, load_policy, policy_schema

    if file is not None and (schema or text):
        raise click.UsageError("--schema and --text take no FILE")
    if site is not None and file is None:
        raise click.UsageError("--activate needs the FILE of the policy that shall act")
    if schema:
        click.echo(json.dumps(policy_schema(), indent=2, ensure_ascii=False))
    elif text:
        click.echo(default_policy_text(), nl=False)
    else:
        with start_errors():
            checked = load_policy(file)
        show_policy(checked)
        if site is not None and file is not None:
            activate(site, file)


def activate(site_key: str, file: Path) -> None:
    """Let a policy that was checked act on a site; running servers follow with the next comment.

    Raises:
        ClickException: there is no such site.
    """
    from belowline.cli.django import set_up

    set_up()
    from belowline.moderation.actions.activate_policy import activate_policy
    from belowline.stories.models import Site

    site = Site.objects.filter(key=site_key).first()
    if site is None:
        raise click.ClickException(f"there is no site with the key {site_key}; `belowline doctor` looks at the sites")
    row = activate_policy(site=site, text=file.read_text("utf-8"))
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
