"""`belowline worker`: does the work that nobody should wait for."""

import logging
import os
import time

import click

RETRY_SECONDS = 2.0
"""Between two looks at a database that does not answer."""
logger = logging.getLogger("belowline.worker")


@click.command()
@click.option("--interval", default=1.0, show_default=True, help="Seconds between two looks at an empty queue.")
def worker(interval: float) -> None:
    """Send mails, read stories' pages, tell shared caches of changes, and learn at night, until stopped."""
    from belowline.cli.django import require_secret_key, set_up

    set_up()
    require_secret_key()
    from belowline.cli.counting import share_metrics
    from belowline.cli.purging import check_purging
    from belowline.logs import name_tasks
    from belowline.metrics.start import start_metrics
    from belowline.moderation.tasks import plan_days, plan_learning
    from belowline.notifications.desk_tasks import plan_desk_digests
    from belowline.notifications.digests import plan_digests
    from belowline.notifications.webhooks.tasks import plan_webhooks, wake
    from belowline.retention.tasks import plan_erasing
    from belowline.traces import trace_worker

    share_metrics()
    start_metrics()
    name_tasks()
    trace_worker(os.environ)
    plan_days()
    plan_learning()
    plan_digests()
    plan_desk_digests()
    plan_webhooks()
    wake()
    plan_erasing()
    check_purging(start=True)
    while not work(interval):
        time.sleep(RETRY_SECONDS)


def work(interval: float) -> bool:
    """Do tasks until stopped: True; or until the database does not answer: False. Then what was begun is done again."""
    from django.core.management import call_command
    from django.db import InterfaceError, OperationalError, connections

    from belowline.events.stranded import worker_name

    try:
        take_up()
        call_command("db_worker", interval=interval, verbosity=1, worker_id=worker_name())
    except (InterfaceError, OperationalError) as error:
        logger.warning("the database does not answer (%s); it is asked again", type(error).__name__)
        connections.close_all()
        return False
    return True


def take_up() -> None:
    """Let what killed workers have begun be done again, and say so."""
    from belowline.events.stranded import take_up_stranded
    from belowline.metrics.start import on_stranded

    found = take_up_stranded()
    on_stranded(found.taken_up, found.given_up)
    for path in found.taken_up:
        logger.warning("a worker was killed during %s: it is done again", path)
    for path in found.given_up:
        logger.error("%s has killed its workers several times: it is given up", path)
