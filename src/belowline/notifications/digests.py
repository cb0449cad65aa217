"""Mails that come once an hour or once a day at most: one for each reader and site, when its time has come."""

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from belowline.events.planning import plan_once
from belowline.notifications.claims import claimed
from belowline.notifications.mails import send_digest, send_one
from belowline.notifications.queries import GRACE, due, last_hour

LATER = GRACE + timedelta(seconds=5)
"""So long after the full hour: what happened before it can no longer be taken back."""


def plan_digests(now: datetime | None = None) -> bool:
    """Plan the next round, once, however many workers ask; return whether it was not planned yet."""
    return plan_once(mail_digests, last_hour(now or timezone.now()) + timedelta(hours=1) + LATER)


@task()
def mail_digests() -> int:
    """Enqueue the digests whose time has come, and return how many; the next round is planned first."""
    plan_digests()
    found = due().order_by("user").values_list("user", "comment__story__site").distinct()
    for user_id, site_id in list(found):
        mail_digest.enqueue(user_id, site_id)
    return len(found)


@task()
def mail_digest(user_id: int, site_id: int) -> int:
    """Mail a reader what is due to them of a site; return of how much they were told.

    Running it again sends nothing more: what was claimed is due no longer.
    """
    ids = due().filter(user=user_id, comment__story__site=site_id).values_list("pk", flat=True)
    with claimed(ids) as found:
        if len(found) == 1:
            send_one(found[0])
        elif found:
            send_digest(found)
    return len(found)
