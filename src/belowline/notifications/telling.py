"""One thing that somebody is told: the row, and the mail that follows it."""

from datetime import timedelta

from django.utils import timezone

from belowline.accounts.models import User
from belowline.notifications.models import Frequency, Kind, Notification
from belowline.notifications.queries import GRACE, frequency_of
from belowline.notifications.tasks import mail_notification


def tell(
    *, user_id: int, kind: Kind, comment_id: int, subject_id: int = 0, after: timedelta = GRACE
) -> Notification | None:
    """Tell somebody of something, once; call it in the transaction of what happened.

    Mail follows `after` that time where its reader wants it at once, else with their next digest. None: they know it
    already, or the account is closed.
    """
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        return None
    frequency = frequency_of(user_id, kind)
    row, is_new = Notification.objects.get_or_create(
        user_id=user_id,
        kind=kind,
        comment_id=comment_id,
        subject_id=subject_id,
        defaults={"is_mail_due": frequency != Frequency.OFF},
    )
    if not is_new:
        return None
    if frequency == Frequency.IMMEDIATE:
        mail_notification.using(run_after=timezone.now() + after).enqueue(row.pk)
    return row
