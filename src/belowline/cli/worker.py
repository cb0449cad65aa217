"""`belowline worker`: does the work that nobody should wait for."""

import click


@click.command()
@click.option("--interval", default=1.0, show_default=True, help="Seconds between two looks at an empty queue.")
def worker(interval: float) -> None:
    """Send mails and read stories' pages, until stopped."""
    from belowline.cli.django import require_secret_key, set_up

    set_up()
    require_secret_key()
    from django.core.management import call_command

    call_command("db_worker", interval=interval, verbosity=1)
