"""Messages arrive once, late rather than never, and an endpoint that fails holds up nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.events.models import Event
from belowline.notifications.webhooks import sending
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.sending import DELAYS, PAUSES, send_due, try_once


@pytest.fixture
def row(webhook, hook):
    """An endpoint at the server that listens."""
    return webhook(url=hook.address)


@pytest.fixture
def messages(row):
    """Put messages on their way that tell of nothing: quick."""
    return lambda count=1, **fields: [Message.objects.create(webhook=row, **fields) for _ in range(count)]


def fresh(message):
    message.refresh_from_db()
    return message


def later_runs():
    """When the endpoint is to be sent to, as far as it is planned."""
    found = DBTaskResult.objects.filter(task_path__endswith=".send_webhook", status="READY")
    return sorted(found.values_list("run_after", flat=True))


def come_due():
    """Let the time pass for which messages and endpoints wait."""
    Message.objects.filter(state="waiting").update(next_at=timezone.now())
    Webhook.objects.update(resumes_at=None)


def test_the_oldest_first_and_each_once(row, messages, hook):
    made = messages(3)

    assert send_due(row.pk) == (3, False)
    assert [headers["webhook-id"] for headers, _ in hook.raw] == [message.number for message in made]
    assert {fresh(message).state for message in made} == {"delivered"}
    assert all(message.ended_at and message.tries == 1 and message.status == 200 for message in made)
    assert send_due(row.pk) == (0, False)
    assert len(hook.got) == 3


@pytest.mark.django_db(transaction=True)
def test_what_the_worker_does(row, post, work, told):
    comment = post().comment
    work()

    *_, body = told()
    assert (body["type"], body["data"]["comment"]["id"]) == ("comment.published", comment.pk)


def test_what_fails_comes_again_after_the_times_of_the_specification(row, messages, hook):
    hook.status = 400
    [message] = messages()
    waits = []
    for _ in DELAYS:
        begun = timezone.now()
        assert send_due(row.pk) == (0, False)
        waits.append((fresh(message).next_at - begun) / DELAYS[message.tries - 1])
        assert (message.state, message.status, message.problem) == ("waiting", 400, "it answered with status 400")
        assert message.next_at in later_runs()
        come_due()

    assert all(0.79 < wait < 1.21 for wait in waits), "a fifth more or less"
    assert len(set(waits)) > 5, "not all at the same time"
    assert timedelta(days=3) < sum(DELAYS, timedelta()) < timedelta(days=3, hours=4)
    send_due(row.pk)
    assert (fresh(message).state, message.tries, len(hook.got)) == ("dead", 10, 10)
    assert message.ended_at is not None
    come_due()
    assert send_due(row.pk) == (0, False)
    assert len({headers["webhook-id"] for headers, _ in hook.raw}) == 1, "one number for all tries"


def test_a_message_that_is_refused_does_not_hold_up_the_others(row, messages, hook):
    hook.status = 422
    [first] = messages()
    send_due(row.pk)
    hook.status = 200
    [second] = messages()

    assert send_due(row.pk) == (1, False)
    assert (fresh(first).state, fresh(second).state) == ("waiting", "delivered")


def test_an_endpoint_that_is_down_gets_one_message_after_each_pause(row, messages, hook):
    hook.status = 503
    made = messages(3)
    for number, pause in enumerate([*PAUSES, PAUSES[-1]], 1):
        begun = timezone.now()
        assert send_due(row.pk) == (0, False)
        assert send_due(row.pk) == (0, False)
        assert len(hook.got) == number
        row.refresh_from_db()
        assert 0.79 < (row.resumes_at - begun) / pause < 1.21
        assert row.resumes_at in later_runs()
        come_due()

    hook.status = 200
    assert send_due(row.pk) == (3, False)
    row.refresh_from_db()
    assert (row.failures, row.failing_since, row.resumes_at) == (0, None, None)
    assert {fresh(message).state for message in made} == {"delivered"}


def test_when_it_is_back_what_failed_meanwhile_comes_at_once(row, messages, hook):
    hook.status = 500
    [first] = messages()
    send_due(row.pk)
    Message.objects.update(next_at=timezone.now() + timedelta(hours=20))
    Webhook.objects.update(resumes_at=None)
    hook.status = 200
    messages()

    assert send_due(row.pk) == (2, False)
    assert fresh(first).state == "delivered"


def test_it_is_left_alone_for_as_long_as_it_asks(row, messages, hook):
    hook.status, hook.answers["Retry-After"] = 429, "3600"
    [message] = messages()
    send_due(row.pk)

    row.refresh_from_db()
    assert row.resumes_at > timezone.now() + timedelta(minutes=59)
    assert fresh(message).next_at > timezone.now() + timedelta(minutes=59)


def test_410_switches_it_off(row, messages, hook):
    hook.status = 410
    made = messages(2)
    send_due(row.pk)

    row.refresh_from_db()
    assert not row.is_on
    assert "410" in row.disabled_because
    assert {fresh(message).state for message in made} == {"dead"}
    assert len(hook.got) == 1
    event = Event.objects.get(tag="webhook:disabled")
    assert (event.subject_id, event.site_id, event.data) == (row.pk, row.site_id, {"given_up": 2})


def test_days_of_failing_switch_it_off_and_an_hour_does_not(row, messages, hook):
    hook.status = 500
    [message] = messages()
    for days, is_on in ((0.1, True), (4.9, True), (5.1, False)):
        come_due()
        Webhook.objects.update(failing_since=timezone.now() - timedelta(days=days))
        send_due(row.pk)
        row.refresh_from_db()
        assert row.is_on is is_on, days

    assert "5 days" in row.disabled_because
    assert fresh(message).state == "dead"


def test_one_worker_at_a_time(row, messages, hook):
    messages()
    Webhook.objects.update(held_until=timezone.now() + timedelta(seconds=30))
    assert send_due(row.pk)[0] == 0
    assert hook.got == []

    Webhook.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert send_due(row.pk) == (1, False), "a worker that was killed keeps it for a minute at most"
    row.refresh_from_db()
    assert row.held_until is None


def test_what_comes_in_while_it_is_sent_goes_with_it(row, messages, hook, monkeypatch):
    """The task of the second message finds the endpoint held: whoever holds it looks once more."""
    messages()
    release = Webhook.objects.filter

    def interfere(*conditions, **found):
        if found == {"pk": row.pk} and not conditions and Message.objects.count() == 1:
            messages()
            assert send_due(row.pk)[0] == 0
        return release(*conditions, **found)

    monkeypatch.setattr(sending.Webhook.objects, "filter", interfere)
    assert send_due(row.pk) == (2, False)


def test_a_turn_ends_and_the_rest_comes_next(row, messages, hook, monkeypatch):
    monkeypatch.setattr(sending, "RUN_SECONDS", -1)
    messages()

    assert send_due(row.pk) == (0, True)
    row.refresh_from_db()
    assert row.held_until is None


def test_a_message_that_cannot_be_written_is_given_up_alone(row, messages, hook, post, caplog):
    comment = post().comment
    broken = Message.objects.select_related("event").get(event__tag="comment:published")
    broken.event.subject_id = 0
    assert not try_once(broken)

    assert fresh(broken).state == "dead"
    assert "DoesNotExist" in broken.problem
    assert comment.text_source not in caplog.text
    Message.objects.filter(state="waiting").delete()
    messages()
    assert send_due(row.pk) == (1, False)


def test_a_process_that_dies_after_sending_sends_again_with_the_same_number(row, messages, hook, monkeypatch):
    [message] = messages()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_on_taken", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_due(row.pk)
    assert (fresh(message).state, message.tries) == ("waiting", 0)

    assert send_due(row.pk) == (1, False)
    assert [headers["webhook-id"] for headers, _ in hook.raw] == [message.number] * 2


def test_an_endpoint_that_is_gone_or_off(row, messages, hook):
    messages()
    Webhook.objects.update(disabled_at=timezone.now())

    assert send_due(row.pk) == (0, False)
    assert send_due(row.pk + 1) == (0, False)
    assert hook.got == []
