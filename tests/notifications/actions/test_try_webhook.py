"""An endpoint is tried out, also one that is off."""

import pytest
from django.utils import timezone

from belowline.notifications.actions.try_webhook import try_webhook
from belowline.notifications.errors import WebhookError
from belowline.notifications.webhooks.models import Message


def test_it_arrives(webhook, hook):
    row = webhook(url=hook.address, disabled_at=timezone.now())
    message = try_webhook(webhook=row)

    assert (message.state, message.status) == ("delivered", 200)
    [(_, _, body)] = hook.got
    assert (body["type"], body["site"], body["data"]) == ("webhook.test", "gazette", {})


def test_it_does_not_and_nothing_comes_of_it(webhook, hook):
    row = webhook(url=hook.address)
    hook.status = 500
    with pytest.raises(WebhookError, match="status 500") as caught:
        try_webhook(webhook=row)

    assert caught.value.code == "webhook_failed"
    row.refresh_from_db()
    assert (row.failures, row.failing_since, row.resumes_at) == (0, None, None)
    assert Message.objects.get().state == "dead"
