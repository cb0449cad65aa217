"""`belowline migrate`: bring the database to this version."""

import click


@click.command()
def migrate() -> None:
    """Create the database's tables, or bring them to this version."""
    from belowline.cli.django import set_up

    set_up()
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    click.echo("The database is up to date.")
