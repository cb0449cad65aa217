"""A reader says how often they want mail, kind by kind."""

from collections.abc import Mapping

from django.db import transaction

from belowline.accounts.models import User
from belowline.events import tags
from belowline.events.models import record_event
from belowline.notifications.models import Frequency, Kind, Notification, NotificationSetting
from belowline.notifications.queries import frequencies_of


def set_frequencies(*, user: User, wanted: Mapping[Kind, Frequency]) -> list[Kind]:
    """Keep how often a reader wants mail of these kinds; return those for which that is new.

    What was still to be mailed of a kind that is switched off is not mailed any more.
    """
    with transaction.atomic():
        before = frequencies_of(user.pk)
        changed = [kind for kind, frequency in wanted.items() if before[kind.value] != frequency.value]
        for kind in changed:
            NotificationSetting.objects.update_or_create(user=user, kind=kind, defaults={"frequency": wanted[kind]})
        off = [kind for kind in changed if wanted[kind] == Frequency.OFF]
        Notification.objects.filter(user=user, kind__in=off).give_up()
        if changed:
            told = {kind.value: wanted[kind].value for kind in changed}
            record_event(tags.ACCOUNT_MAIL_SET, subject_id=user.pk, actor_id=user.pk, frequencies=told)
    return changed
