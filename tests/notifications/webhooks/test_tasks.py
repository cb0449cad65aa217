"""What was forgotten is sent after all, and those in charge hear of an endpoint that is off."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.notifications.webhooks import tasks
from belowline.notifications.webhooks.models import Message
from belowline.notifications.webhooks.sending import disable
from belowline.notifications.webhooks.tasks import mail_disabled, plan_webhooks, send_webhook, wake, wake_webhooks


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_left_is_sent_within_the_hour(webhook, hook, post, work, told):
    webhook(url=hook.address)
    post()
    DBTaskResult.objects.all().delete()
    work()
    assert told() == []

    assert wake_webhooks.call() == 1
    work()
    assert [body["type"] for body in told()] == ["comment.published"]


def test_nobody_is_woken_for_nothing(webhook):
    Message.objects.create(webhook=webhook(), next_at=timezone.now() + timedelta(hours=1))
    Message.objects.create(webhook=webhook(disabled_at=timezone.now()))
    Message.objects.create(webhook=webhook(), state="dead")

    assert wake() == 0


def test_the_next_look_is_planned_once(db):
    assert plan_webhooks(datetime(2026, 11, 28, 9, 30, tzinfo=UTC))
    assert not plan_webhooks()
    assert DBTaskResult.objects.get().run_after == datetime(2026, 11, 28, 10, 7, tzinfo=UTC)


def test_more_than_a_turn_goes_on(webhook, monkeypatch):
    row = webhook()
    monkeypatch.setattr(tasks, "send_due", lambda _: (7, True))

    assert send_webhook.call(row.pk) == 7
    assert DBTaskResult.objects.filter(task_path__endswith=".send_webhook").count() == 1


@pytest.mark.django_db(transaction=True)
def test_those_in_charge_are_told(webhook, admin, work):
    row = webhook(label="CMS")
    Message.objects.create(webhook=row)
    with transaction.atomic():
        assert disable(row, "it has taken no message for 5 days")
        assert not disable(row, "again")
    work()

    assert [message.to for message in mail.outbox] == [["editor@gazette.example"]]
    [message] = mail.outbox
    assert message.subject == "Nothing more is sent to the webhook “CMS” of The Gazette"
    assert "it has taken no message for 5 days" in message.body
    assert "1 messages could not be delivered" in message.body
    assert f"belowline webhooks enable {row.pk}" in message.body
    assert row.url not in message.body


def test_who_switched_it_on_meanwhile_hears_nothing(webhook):
    assert mail_disabled.call(webhook().pk) == 0
    assert mail_disabled.call(0) == 0
