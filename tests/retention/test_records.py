"""Rows that nobody needs any more go; those that somebody does stay."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.accounts.models import Identity, UsedToken, User
from belowline.compat.models import ApiKey, Suggestion
from belowline.notifications.channel_models import UsedLink
from belowline.notifications.models import Notification
from belowline.notifications.webhooks.models import Message
from belowline.retention import records


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def test_what_readers_were_told(published, reader, other_reader, age):
    for user, days in ((reader, 200), (other_reader, 100)):
        row = Notification.objects.create(user=user, kind="reply", comment=published)
        age(Notification.objects.filter(pk=row.pk), days)

    assert records.delete_notifications(days_ago(180), 10) == 1
    assert Notification.objects.get().user == other_reader


def test_messages_to_publishers(webhook):
    row = webhook()
    for state, ended in (("delivered", 40), ("dead", 40), ("delivered", 10), ("waiting", None)):
        Message.objects.create(webhook=row, state=state, ended_at=ended and days_ago(ended))

    assert records.delete_messages(days_ago(30), 10) == 2
    assert set(Message.objects.values_list("state", flat=True)) == {"delivered", "waiting"}


def test_tasks_that_are_done_and_none_that_wait(db):
    from belowline.notifications.webhooks.tasks import send_webhook

    for status, ended in (("SUCCESSFUL", 8), ("FAILED", 8), ("SUCCESSFUL", 6), ("READY", None), ("RUNNING", None)):
        result = send_webhook.enqueue(1)
        DBTaskResult.objects.filter(pk=result.id).update(status=status, finished_at=ended and days_ago(ended))

    assert records.delete_tasks(days_ago(7), 10) == 2
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "RUNNING", "SUCCESSFUL"]


def test_suggestions(site, age):
    key = ApiKey.objects.create(label="x", digest="d", shown="x")
    for days in (800, 100):
        row = Suggestion.objects.create(key=key, text=f"{days}", attribute_scores={})
        age(Suggestion.objects.filter(pk=row.pk), days, "changed_at")

    assert records.delete_suggestions(days_ago(730), 10) == 1
    assert Suggestion.objects.get().text == "100"


def test_what_has_expired(site, sign_in, reader, other_reader):
    ended, lives = sign_in(reader), sign_in(other_reader)
    for client in (ended, lives):
        client.get("/me/sessions/")
    Session.objects.filter(session_key=ended.session.session_key).update(expire_date=days_ago(1))
    for moment in (days_ago(1), timezone.now() + timedelta(days=1)):
        UsedToken.objects.create(site=site, digest=str(moment), expires_at=moment)
        UsedLink.objects.create(digest=str(moment), expires_at=moment)

    assert records.delete_expired(timezone.now(), 1) == 1
    assert records.delete_expired(timezone.now(), 10) == 3
    assert [row.user for row in UserSession.objects.all()] == [other_reader]
    assert lives.get("/me/").status_code == 200
    assert (UsedToken.objects.count(), UsedLink.objects.count(), Session.objects.count()) == (1, 1, 1)


def test_accounts_that_came_to_nothing(account, site, written, age):
    others = list(User.objects.all())
    gone = account("Nobody Came", verified=False)
    kept = [
        account("Confirmed Reader"),
        account("Unconfirmed Writer", verified=False),
        account("Reader by Token", verified=False),
        account("Unconfirmed Desk", "moderator", verified=False),
    ]
    written(author=kept[1])
    others += [user for user in User.objects.all() if user not in {*others, *kept, gone}]
    Identity.objects.create(site=site, subject="7", user=kept[2])
    age(User.objects.all(), 31)
    young = account("Came Today", verified=False)

    assert records.close_unconfirmed(days_ago(30), 10) == 1
    assert set(User.objects.filter(closed_at=None)) == {*kept, young, *others}
    gone.refresh_from_db()
    assert (gone.display_name, gone.email) == ("Deleted account", f"closed-{gone.pk}@deleted.invalid")
