"""What waits, as the database says when somebody asks: the same whichever process answers."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from belowline import __version__

logger = logging.getLogger(__name__)


class DatabaseCollector(Collector):
    """Gauges that cost a few queries."""

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges; where the database does not answer, one that says so and nothing else."""
        version = GaugeMetricFamily("belowline_info", "The version that answers; always 1.", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        try:
            found = [] if settings.ENGINE_ONLY else [*tasks(), *queues(), *webhooks()]
        except DatabaseError as error:
            logger.error("what waits could not be counted (%s)", type(error).__name__)  # noqa: TRY400 - no rows in logs
            found = None
        yield GaugeMetricFamily("belowline_database_up", "1: the database answers; 0: not.", value=found is not None)
        yield from found or []


def tasks() -> list[Metric]:
    """Return how many tasks wait, are planned for later, or run, and how long the oldest has waited."""
    from django_tasks_db.models import DBTaskResult, get_date_max

    now = timezone.now()
    count = GaugeMetricFamily("belowline_tasks", "Tasks by state: ready, scheduled, running.", labels=["state"])
    ready = DBTaskResult.objects.ready().order_by()
    count.add_metric(["ready"], ready.count())
    planned = DBTaskResult.objects.filter(status="READY", run_after__gt=now).exclude(run_after=get_date_max())
    count.add_metric(["scheduled"], planned.count())
    count.add_metric(["running"], DBTaskResult.objects.running().count())
    oldest = GaugeMetricFamily(
        "belowline_task_oldest_ready_seconds",
        "Seconds that the oldest task has waited since it could run; 0: none waits.",
        value=oldest_ready_seconds(now),
    )
    return [count, oldest]


def oldest_ready_seconds(now: datetime) -> float:
    """Return how long the oldest task that could run has waited, in seconds; 0: none waits."""
    from django_tasks_db.models import DBTaskResult, get_date_max

    ready = DBTaskResult.objects.ready().order_by()
    at_once = ready.filter(run_after=get_date_max()).aggregate(at=Min("enqueued_at"))["at"]
    planned = ready.exclude(run_after=get_date_max()).aggregate(at=Min("run_after"))["at"]
    since = min((at for at in (at_once, planned) if at), default=now)
    return max(0.0, (now - since).total_seconds())


def queues() -> list[Metric]:
    """Return how many comments wait in each queue of the desk, and how long the oldest has waited."""
    from belowline.moderation.queue_entries import QueueEntry

    now = timezone.now()
    count = GaugeMetricFamily("belowline_queue_comments", "Comments that wait for a person.", labels=["queue"])
    age = GaugeMetricFamily(
        "belowline_queue_oldest_seconds",
        "Seconds that the oldest of a queue has waited; 0: none waits.",
        labels=["queue"],
    )
    rows = QueueEntry.objects.values_list("queue").annotate(count=Count("pk"), since=Min("waiting_since")).order_by()
    found = {queue: (number, since) for queue, number, since in rows}
    for queue in QueueEntry.Queue.values:
        number, since = found.get(queue, (0, now))
        count.add_metric([queue], number)
        age.add_metric([queue], max(0.0, (now - since).total_seconds()))
    return [count, age]


def webhooks() -> list[Metric]:
    """Return how many messages to publishers wait or were given up, and how long the oldest has waited."""
    from belowline.notifications.webhooks.models import Message

    now, states = timezone.now(), (Message.State.WAITING, Message.State.DEAD)
    rows = Message.objects.filter(state__in=states).values_list("state")
    found = {state: (number, since) for state, number, since in rows.annotate(n=Count("pk"), since=Min("created_at"))}
    count = GaugeMetricFamily(
        "belowline_webhook_messages", "Messages to publishers that wait, or were given up.", labels=["state"]
    )
    for state in states:
        count.add_metric([state], found.get(state, (0, now))[0])
    _, since = found.get(Message.State.WAITING, (0, now))
    oldest = GaugeMetricFamily(
        "belowline_webhook_oldest_seconds",
        "Seconds that the oldest message to a publisher has waited; 0: none waits.",
        value=max(0.0, (now - since).total_seconds()),
    )
    return [count, oldest]
