"""When digests of the desk go out, to whom, and what becomes of one that cannot be sent; and escalations at once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.moderation.actions.answer_escalation import answer_escalation
from belowline.notifications import desk_tasks
from belowline.notifications.channel_models import Channel
from belowline.notifications.desk_tasks import (
    channels_for,
    deliver,
    due_channels,
    is_readable,
    plan_desk_digests,
    send_desk_digest,
    send_desk_digests,
    tell_of_escalation,
)
from belowline.notifications.queries import last_hour, last_morning

LONG_AGO = timedelta(days=3)


@pytest.fixture
def due(channel):
    """Make a channel whose time has come."""

    def make(kind="slack", **fields):
        row = channel(kind, **fields)
        Channel.objects.filter(pk=row.pk).update(created_at=timezone.now() - LONG_AGO)
        row.refresh_from_db()
        return row

    return make


def tasks(name):
    return [one for one in DBTaskResult.objects.all() if one.task_path.endswith(name)]


@pytest.mark.parametrize("frequency", ["hourly", "daily"])
@pytest.mark.parametrize(
    ("shift", "is_due"), [(-1, True), (1, False)], ids=["looked at before its time", "looked at since"]
)
def test_when_its_time_has_come(channel, frequency, shift, is_due):
    now = timezone.now()
    time = last_hour(now) if frequency == "hourly" else last_morning(now)
    row = channel(frequency=frequency, looked_at=time + timedelta(seconds=shift))

    assert list(due_channels(now)) == ([row] if is_due else [])


def test_a_new_one_waits_for_the_next_time(channel, due):
    channel()
    old = due(label="#old")

    assert list(due_channels()) in ([old], [old, *Channel.objects.exclude(pk=old.pk)])
    assert not due_channels(timezone.now() - timedelta(days=4)).exists()


def test_the_round_is_planned_once(db):
    now = timezone.now()

    assert plan_desk_digests(now)
    assert not plan_desk_digests(now)
    [planned] = tasks("send_desk_digests")
    assert planned.run_after == last_hour(now) + timedelta(hours=1) + desk_tasks.LATER


def test_a_round_enqueues_what_is_due(due, channel):
    row = due()
    channel(looked_at=timezone.now() + timedelta(hours=1))

    assert send_desk_digests.call() == 1
    assert [one.args_kwargs["args"] for one in tasks("send_desk_digest")] == [[row.pk]]
    assert len(tasks("send_desk_digests")) == 1


def test_sent_once(due, hook, held):
    row = due(address=hook.address)

    assert send_desk_digest.call(row.pk) is True
    assert send_desk_digest.call(row.pk) is False
    [(_, _, message)] = hook.got
    assert "1 waits" in message["text"]
    row.refresh_from_db()
    assert row.sent_at
    assert row.problem == ""


def test_where_nothing_waits_nothing_is_sent(due, hook, site):
    row = due(address=hook.address)

    assert send_desk_digest.call(row.pk) is False
    assert hook.got == []
    row.refresh_from_db()
    assert row.looked_at
    assert row.sent_at is None


def test_what_failed_is_kept_and_tried_again_next_time(due, hook, held, caplog):
    row = due(address=hook.address)
    hook.status = 404

    assert send_desk_digest.call(row.pk) is False
    row.refresh_from_db()
    assert "status 404" in row.problem
    assert row.sent_at is None
    assert "secret" not in caplog.text

    hook.status = 200
    Channel.objects.update(looked_at=timezone.now() - LONG_AGO)
    assert send_desk_digest.call(row.pk) is True
    row.refresh_from_db()
    assert row.problem == ""


def test_a_channel_that_is_gone(db):
    assert send_desk_digest.call(10**9) is False


def test_by_mail(due, held, moderator):
    row = due("mail", has_excerpts=True)

    assert send_desk_digest.call(row.pk) is True
    [message] = mail.outbox
    assert message.to == [moderator.email]
    assert message.subject == "Desk: 1 waits"
    for words in (
        "Words that we do not publish: Marjorie Tench, under “Harbour bridge closed for repairs”",
        "> What a wombat of a harbour bridge this is.",
        "Publish: http://localhost:8000/desk/links/",
        "Reject (Words that we do not publish): http://localhost:8000/desk/links/",
        "please do not forward this mail",
        "http://localhost:8000/desk/digests/",
    ):
        assert words in message.body


def test_a_mail_quotes_nothing_unless_that_is_wanted(due, held):
    send_desk_digest.call(due("mail").pk)

    assert "wombat of" not in mail.outbox[0].body


@pytest.mark.parametrize(
    "change",
    [{"role": "reader"}, {"is_active": False}, {"email": "new@gazette.example"}],
    ids=["left the staff", "closed", "address not confirmed"],
)
def test_who_may_not_see_the_desk_gets_no_mail(due, held, moderator, change):
    row = due("mail")
    for name, value in change.items():
        setattr(moderator, name, value)
    moderator.save()

    assert not is_readable(Channel.objects.get(pk=row.pk))
    assert send_desk_digest.call(row.pk) is False
    assert mail.outbox == []


def test_a_mail_server_that_fails(due, monkeypatch):
    monkeypatch.setattr(desk_tasks, "_send", lambda *_: (_ for _ in ()).throw(ConnectionRefusedError))
    row = due("mail")

    assert deliver(row, None) is False
    row.refresh_from_db()
    assert row.problem == "The mail server failed (ConnectionRefusedError)."


# --- escalations


def test_whoever_is_asked_gets_a_mail(escalated, other_moderator):
    row = escalated(other_moderator, note="Is <b>this</b> about him?")
    [planned] = tasks("tell_of_escalation")
    assert planned.args_kwargs["args"] == [row.pk]

    assert tell_of_escalation.call(row.pk) == 1
    [message] = mail.outbox
    assert message.to == [other_moderator.email]
    assert message.subject == "Gazette Desk asks you about a comment: Harbour bridge closed for repairs"
    assert "Is <b>this</b> about him?" in message.body
    assert f"http://localhost:8000/desk/escalated/?escalation={row.pk}" in message.body


def test_a_colleague_without_a_confirmed_address_gets_none(escalated, account):
    somebody = account("New Desk", "moderator", verified=False)

    assert tell_of_escalation.call(escalated(somebody).pk) == 0
    assert mail.outbox == []


def test_channels_are_told_at_once(channel, hook, escalated, admin, moderator):
    channel(address=hook.address)
    channel("mail", user=admin)
    channel("mail", user=moderator)
    row = escalated()

    assert tell_of_escalation.call(row.pk) == 2
    assert [message.to for message in mail.outbox] == [[admin.email]]
    assert "has escalated a comment" in hook.got[0][2]["text"]


def test_which_channels(channel, escalated, site, other_site):
    told = [channel(), channel(site=site), channel(site=site, section="news")]
    channel(site=site, section="sport")
    channel(site=other_site)
    channel(tells_escalations=False)

    assert channels_for(escalated()) == told


def test_a_channel_that_fails_stops_no_other(channel, hook, escalated):
    bad, _ = channel(address="http://127.0.0.1:1/x"), channel(address=hook.address)

    assert tell_of_escalation.call(escalated().pk) == 1
    bad.refresh_from_db()
    assert "could not be reached" in bad.problem


def test_what_has_ended_is_not_told(channel, hook, escalated, admin):
    channel(address=hook.address)
    row = answer_escalation(escalation=escalated(), by=admin, answer="No.")

    assert tell_of_escalation.call(row.pk) == 0
    assert hook.got == []
