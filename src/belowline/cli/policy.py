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
@click.argument("file", type=click.Path(path_type=Path), required=False)
def policy(schema: bool, text: bool, file: Path | None) -> None:  # noqa: FBT001 - click passes flags by name
    """Check the policy in FILE (default: the one that is shipped) and print a table of its rules.

    A wrong policy gives the line, the key and the mend, and exit status 2.
    """
    from belowline.cli.loading import start_errors
    from belowline.engine.policy import default_policy_text, load_policy, policy_schema

    if file is not None and (schema or text):
        raise click.UsageError("--schema and --text take no FILE")
    if schema:
        click.echo(json.dumps(policy_schema(), indent=2, ensure_ascii=False))
    elif text:
        click.echo(default_policy_text(), nl=False)
    else:
        with start_errors():
            checked = load_policy(file)
        show_policy(checked)


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
        f"{rule.hold:g}",
        "-" if rule.reject is None else f"{rule.reject:g}",
        "background" if rule.background else rule.unchecked,
        ", ".join(rule.sections) or "all",
        " ".join(rule.title.split()),
    )
