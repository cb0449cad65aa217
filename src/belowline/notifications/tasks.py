"""Sending what readers want to be told at once."""

from django_tasks import task

from belowline.notifications.claims import claimed
from belowline.notifications.mails import send_one


@task()
def mail_notification(notification_id: int) -> bool:
    """Mail one notification; False: it was mailed, taken back or switched off, or something came after it."""
    with claimed([notification_id]) as found:
        for told in found:
            send_one(told)
    return bool(found)
