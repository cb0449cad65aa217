"""An endpoint that was off is on again, as if it had never failed."""

from django.utils import timezone

from belowline.events.models import Event
from belowline.notifications.actions.enable_webhook import enable_webhook


def test_it_is_on_again(webhook):
    now = timezone.now()
    row = webhook(disabled_at=now, disabled_because="it was down", failures=9, failing_since=now, resumes_at=now)

    assert enable_webhook(webhook=row)
    assert (row.is_on, row.disabled_because, row.failures, row.failing_since, row.resumes_at) == (
        True,
        "",
        0,
        None,
        None,
    )
    assert not enable_webhook(webhook=row)
    assert Event.objects.filter(tag="webhook:enabled").count() == 1
