"""Another secret: for a day beside the earlier one, or at once alone."""

from datetime import timedelta

from django.utils import timezone

from belowline.events.models import Event
from belowline.notifications.actions.change_webhook_secret import change_webhook_secret
from belowline.notifications.webhooks.signing import headers_for, secret_of


def signatures(row):
    return headers_for(row, "msg_1", b"{}")["webhook-signature"].split()


def test_both_are_good_for_a_day(webhook):
    row = webhook()
    before, [first] = secret_of(row.nonce), signatures(row)
    after = change_webhook_secret(webhook=row)

    assert after == secret_of(row.nonce) != before
    assert signatures(row)[1] == first
    assert timedelta(hours=23) < row.earlier_until - timezone.now() <= timedelta(hours=24)
    assert Event.objects.get(tag="webhook:secret_changed").data == {"at_once": False}


def test_at_once(webhook):
    row = webhook()
    change_webhook_secret(webhook=row)
    change_webhook_secret(webhook=row, at_once=True)

    assert len(signatures(row)) == 1
    assert (row.earlier_nonce, row.earlier_until) == ("", None)
