"""Nothing is mailed twice: whoever mails a notification claims it first, in a transaction of its own."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from belowline.notifications.current import is_current
from belowline.notifications.models import Notification
from belowline.notifications.queries import with_subject


@contextmanager
def claimed(ids: Iterable[int]) -> Iterator[list[Notification]]:
    """Claim what of these is still to be mailed and still true, oldest first; give it back where sending fails.

    The claim is committed before the mail goes out: a mail server that is slow holds nobody up, and a process that dies
    in between leaves a mail unsent rather than sent twice.
    """
    found = _claim(set(ids))
    try:
        yield found
    except BaseException:
        mine = Notification.objects.filter(pk__in=[told.pk for told in found])
        mine.update(is_mail_due=True, mailed_at=None)
        raise


def _claim(ids: set[int]) -> list[Notification]:
    with transaction.atomic():
        waiting = Notification.objects.filter(pk__in=ids, is_mail_due=True)
        locked = set(waiting.select_for_update().values_list("pk", flat=True))
        rows = with_subject(Notification.objects.filter(pk__in=locked)).order_by("pk")
        found = [told for told in rows if is_current(told)]
        Notification.objects.filter(pk__in=locked).give_up()
        Notification.objects.filter(pk__in=[told.pk for told in found]).update(mailed_at=timezone.now())
    return found
