"""Missed messages are sent again: those that were given up, or all since a time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.notifications.actions.resend_messages import resend_messages
from belowline.notifications.errors import WebhookError
from belowline.notifications.webhooks.models import Message


def states(row):
    return list(row.messages.order_by("pk").values_list("state", "tries"))


@pytest.mark.django_db(transaction=True)
def test_what_was_given_up(webhook, post, hook, work):
    row = webhook(url=hook.address, types=["comment.published"])
    post()
    row.messages.update(state="dead", tries=10, ended_at=timezone.now(), problem="it answered with status 500")
    number = row.messages.get().number

    assert resend_messages(webhook=row) == 1
    assert states(row) == [("waiting", 0)]
    work()
    assert [headers["webhook-id"] for headers, _ in hook.raw] == [number]
    assert resend_messages(webhook=row) == 0


def test_all_since_a_time_also_what_it_was_never_told_of(webhook, post, other_site, make_story):
    post()
    begun = timezone.now()
    row = webhook(types=["comment.published"])
    post("A second quiet remark about the harbour bridge.")
    row.messages.update(state="delivered", tries=1)
    row.disabled_at = timezone.now()
    row.save()
    missed = post("A third quiet remark about the harbour bridge.").comment
    make_story(other_site)
    with pytest.raises(WebhookError) as caught:
        resend_messages(webhook=row, since=begun)
    assert caught.value.code == "webhook_off"

    row.disabled_at = None
    row.save()
    assert resend_messages(webhook=row, since=begun) == 2
    assert states(row) == [("waiting", 0), ("waiting", 0)]
    assert row.messages.latest("pk").event.subject_id == missed.pk
    assert resend_messages(webhook=row, since=begun) == 0, "they wait already"


def test_tests_are_not_sent_again(webhook):
    row = webhook()
    Message.objects.create(webhook=row, state="dead")

    assert resend_messages(webhook=row) == 0
    assert resend_messages(webhook=row, since=timezone.now() - timedelta(days=1)) == 0
