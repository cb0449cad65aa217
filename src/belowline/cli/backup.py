"""`belowline backup`: saves the whole newsroom in one file, and tries it."""

from pathlib import Path

import click


@click.command(short_help="Save the newsroom in one file, while it runs.")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--no-verify", is_flag=True, help="Do not restore the file into a scratch database to try it.")
def backup(target: Path, no_verify: bool) -> None:  # noqa: FBT001 - a command's flag
    """Save database, secret key, translations and models in the file TARGET, or under a name of its own in a folder."""
    from belowline.cli.django import set_up

    set_up()
    from django.db import DatabaseError

    from belowline.backup.errors import BackupError
    from belowline.backup.make import make_backup

    try:
        made = make_backup(target.absolute(), verify=not no_verify)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    except DatabaseError as error:
        raise click.ClickException(f"the database does not answer ({error}); `belowline doctor` says more") from error
    counts = made.manifest.counts
    tried = "restored into a scratch database, and every count is the same" if made.is_verified else "not tried"
    click.echo(
        f"{made.path}: {made.size:,} bytes, {sum(counts.values()):,} rows in {len(counts)} tables, "
        f"{counts.get('comments_comment', 0):,} of them comments; {tried}."
    )
    click.echo(f"Not in it: {'; '.join(made.manifest.left_out)}.")
    click.echo("It holds the readers' addresses and comments: keep it as safe as the server.")
