"""`belowline migrate`: bring the database to this version, or back to an earlier one."""

from pathlib import Path

import click


@click.command()
@click.option(
    "--back-to",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Go back to the tables that this backup has, with the rows that are there now.",
)
def migrate(back_to: Path | None) -> None:
    """Create the database's tables, or bring them to this version."""
    from belowline.cli.django import set_up

    set_up()
    from django.conf import settings
    from django.core.management import call_command

    if back_to is not None:
        go_back(back_to)
        return
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    click.echo("The database is up to date.")


def go_back(file: Path) -> None:
    """Take back the migrations that came after a backup.

    Raises:
        ClickException: it cannot be done; the message says what to do.
    """
    from belowline.backup.errors import BackupError
    from belowline.backup.roll_back import roll_back

    try:
        count = roll_back(file)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} migrations were taken back. Install the version that made {file.name} before you start it.")
