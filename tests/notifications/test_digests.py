"""Digests: one mail for each reader and site when its time has come; again, nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.notifications.digests import LATER, mail_digest, mail_digests, plan_digests
from belowline.notifications.models import Notification, NotificationSetting


@pytest.fixture
def replies(reader, other_reader, written):
    """Two replies of yesterday to the reader, of which nobody was mailed."""
    own = written()
    for text in ("One answer.", "Another answer."):
        answer = written(text, author=other_reader, parent=own)
        Notification.objects.create(user=reader, kind="reply", comment=answer)
    Notification.objects.update(created_at=timezone.now() - timedelta(days=1))


def planned(task):
    rows = DBTaskResult.objects.filter(task_path__endswith=f".{task}", status="READY")
    return [(row.args_kwargs["args"], row.run_after) for row in rows]


def test_planned_shortly_after_the_next_hour(db):
    assert plan_digests(datetime(2030, 3, 1, 12, 20, tzinfo=UTC)) is True
    assert plan_digests() is False
    assert planned("mail_digests") == [([], datetime(2030, 3, 1, 13, 0, tzinfo=UTC) + LATER)]


def test_one_task_for_each_reader_and_the_next_round(replies, reader, site):
    assert mail_digests.call() == 1
    assert [args for args, _ in planned("mail_digest")] == [[reader.pk, site.pk]]
    assert len(planned("mail_digests")) == 1


def test_one_mail_and_none_again(replies, reader, site):
    assert [mail_digest.call(reader.pk, site.pk) for _ in range(2)] == [2, 0]
    [message] = mail.outbox
    assert message.subject == "2 new things around your comments: The Gazette"
    assert message.to == [reader.email]
    assert mail_digests.call() == 0


def test_one_thing_is_told_in_full(replies, reader, site):
    Notification.objects.order_by("pk").first().delete()

    assert mail_digest.call(reader.pk, site.pk) == 1
    assert mail.outbox[0].subject == "Ken Stubbs replied to you: Harbour bridge closed for repairs"


def test_nothing_is_left_to_say(replies, reader, site, other_reader):
    for answer in other_reader.comments.all():
        answer.change_status("removed")

    assert mail_digest.call(reader.pk, site.pk) == 0
    assert mail.outbox == []
    assert mail_digests.call() == 0


def test_not_what_was_switched_off(replies, reader, site):
    NotificationSetting.objects.create(user=reader, kind="reply", frequency="off")

    assert mail_digests.call() == 0
    assert mail_digest.call(reader.pk, site.pk) == 0


def test_sites_are_not_mixed(replies, reader, other_reader, written, make_story, other_site):  # noqa: PLR0917
    elsewhere = make_story(other_site, "courier-story", title="Courier")
    answer = written("Elsewhere.", author=other_reader, story=elsewhere, parent=written(story=elsewhere))
    Notification.objects.create(user=reader, kind="reply", comment=answer)
    Notification.objects.update(created_at=timezone.now() - timedelta(days=1))

    assert mail_digests.call() == 2
    for args, _ in planned("mail_digest"):
        mail_digest.call(*args)
    assert sorted(message.subject for message in mail.outbox) == [
        "2 new things around your comments: The Gazette",
        "Ken Stubbs replied to you: Courier",
    ]


def test_a_mail_server_that_does_not_answer_loses_nothing(replies, reader, site, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(ConnectionRefusedError):
        mail_digest.call(reader.pk, site.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert mail_digest.call(reader.pk, site.pk) == 2
