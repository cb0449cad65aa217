"""`belowline worker`: does the work that nobody should wait for."""

import click


@click.command()
@click.option("--interval", default=1.0, show_default=True, help="Seconds between two looks at an empty queue.")
def worker(interval: float) -> None:
    """Send mails, read stories' pages, and learn at night, until stopped."""
    from belowline.cli.django import require_secret_key, set_up

    set_up()
    require_secret_key()
    from django.core.management import call_command

    from belowline.cli.counting import share_metrics
    from belowline.logs import name_tasks
    from belowline.metrics.start import start_metrics
    from belowline.moderation.tasks import plan_days, plan_learning
    from belowline.notifications.desk_tasks import plan_desk_digests
    from belowline.notifications.digests import plan_digests

    share_metrics()
    start_metrics()
    name_tasks()
    plan_days()
    plan_learning()
    plan_digests()
    plan_desk_digests()
    call_command("db_worker", interval=interval, verbosity=1)
