"""Reading notifications: what readers see, how often they want mail, and about what mail is due."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from belowline.accounts.models import User
from belowline.notifications.models import SHIPPED, Frequency, Kind, Notification, NotificationQuerySet
from belowline.notifications.models import NotificationSetting as Setting

GRACE = timedelta(seconds=60)
"""A moderator may undo meanwhile, and an author take back; then nothing is sent."""
OVERDUE = timedelta(minutes=10)
"""What should have been mailed at once and was not goes with the next digest: the mail server did not answer."""
DAILY_HOUR = 7
"""At which digests of a day go out, in the server's time zone."""


def frequency_of(user_id: int, kind: str) -> Frequency:
    """Return how often a reader wants mail of a kind."""
    chosen = Setting.objects.filter(user=user_id, kind=kind).values_list("frequency", flat=True).first()
    return Frequency(chosen) if chosen else SHIPPED[Kind(kind)]


def frequencies_of(user_id: int) -> dict[str, str]:
    """Return how often a reader wants mail, kind by kind."""
    chosen = dict(Setting.objects.filter(user=user_id).values_list("kind", "frequency"))
    return {kind.value: chosen.get(kind.value, SHIPPED[kind].value) for kind in Kind}


def notifications_for(user: User) -> NotificationQuerySet:
    """Return what a reader is told, the newest first, with all that a page or a mail says of it."""
    return with_subject(Notification.objects.shown_to(user.pk)).order_by("-pk")


def with_subject(found: NotificationQuerySet) -> NotificationQuerySet:
    """Return notifications with their comments, stories, sites and people."""
    return found.select_related("user", "comment__story__site", "comment__author", "comment__parent", "comment__pick")


def unread_count(user_id: int) -> int:
    """Return how much of it the reader has not seen."""
    return Notification.objects.shown_to(user_id).unread().count()


def due(now: datetime | None = None) -> QuerySet[Notification, Any]:
    """Return the notifications whose digest's time has come: each hour's, each day's, and what is overdue."""
    moment = now or timezone.now()
    chosen = Setting.objects.filter(user=OuterRef("user"), kind=OuterRef("kind")).values("frequency")
    shipped = Case(*(When(kind=kind, then=Value(value.value)) for kind, value in SHIPPED.items()))
    wanted = Notification.objects.filter(is_mail_due=True).annotate(frequency=Coalesce(Subquery(chosen), shipped))
    return wanted.filter(
        Q(frequency=Frequency.HOURLY, created_at__lt=last_hour(moment) - GRACE)
        | Q(frequency=Frequency.DAILY, created_at__lt=last_morning(moment) - GRACE)
        | Q(frequency=Frequency.IMMEDIATE, created_at__lt=moment - OVERDUE)
    )


def last_hour(now: datetime) -> datetime:
    """Return the last full hour."""
    return now.replace(minute=0, second=0, microsecond=0)


def last_morning(now: datetime) -> datetime:
    """Return the last time at which the clock of the server's zone showed DAILY_HOUR."""
    local = timezone.localtime(now)
    today = local.replace(hour=DAILY_HOUR, minute=0, second=0, microsecond=0)
    return today if today <= local else today - timedelta(days=1)
