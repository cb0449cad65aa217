"""Sending what readers want to be told at once; what came in a bunch goes in one mail."""

from django_tasks import task

from belowline.notifications.claims import claimed
from belowline.notifications.mails import send_digest, send_one
from belowline.notifications.models import Notification
from belowline.notifications.queries import GRACE

FEW = 5
"""So many of one kind within a minute are mailed one by one; of more, one mail tells."""


@task()
def mail_notification(notification_id: int) -> bool:
    """Mail one notification; False: it was mailed, taken back or switched off, or something came after it.

    Where a moderator dealt with many comments of one author at once, the author gets one mail about all of them.
    """
    with claimed(with_the_bunch(notification_id)) as found:
        if len(found) > FEW:
            send_digest(found)
        else:
            for told in found:
                send_one(told)
    return bool(found)


def with_the_bunch(notification_id: int) -> list[int]:
    """Return the notification, and the others of a bunch that it came in: the same kind, reader and site, at once."""
    one = Notification.objects.select_related("comment__story").filter(pk=notification_id, is_mail_due=True).first()
    if one is None:
        return []
    alike = Notification.objects.filter(
        user=one.user_id,
        kind=one.kind,
        comment__story__site=one.comment.story.site_id,
        is_mail_due=True,
        created_at__gte=one.created_at - GRACE,
        created_at__lte=one.created_at + GRACE,
    )
    ids = list(alike.order_by("pk").values_list("pk", flat=True))
    return ids if len(ids) > FEW else [notification_id]
