"""One thing is told once; mail follows as its reader wants it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.notifications.models import Kind, NotificationSetting
from belowline.notifications.telling import tell


def mails():
    return DBTaskResult.objects.filter(task_path__endswith=".mail_notification")


@pytest.fixture
def told(reader, written):
    comment = written()

    def call(**more):
        return tell(user_id=reader.pk, kind=Kind.PICK, comment_id=comment.pk, **more)

    return call


def test_once(told):
    assert told() is not None
    assert told() is None
    assert told(subject_id=7) is not None
    assert mails().count() == 2


@pytest.mark.parametrize(
    ("frequency", "count", "is_due"),
    [("immediate", 1, True), ("hourly", 0, True), ("daily", 0, True), ("off", 0, False)],
)
def test_as_the_reader_wants_it(told, reader, frequency, count, is_due):
    NotificationSetting.objects.create(user=reader, kind=Kind.PICK, frequency=frequency)

    assert told().is_mail_due is is_due
    assert mails().count() == count


def test_after_a_minute_or_when_it_is_said(told):
    told()
    told(subject_id=1, after=timedelta(0))
    soon, at_once = mails().order_by("-run_after")

    assert timedelta(seconds=50) < soon.run_after - timezone.now() <= timedelta(seconds=60)
    assert at_once.run_after <= timezone.now()


def test_closed_accounts_are_told_nothing(told, reader):
    reader.is_active = False
    reader.save()

    assert told() is None


def test_nobody_is_nobody(db):
    assert tell(user_id=404, kind=Kind.PICK, comment_id=1) is None
