"""Mail in tests: the worker runs at once, as if the minute of grace had passed."""

import pytest
from django.core.management import call_command
from django.utils import timezone


@pytest.fixture
def work():
    """Do all tasks that wait, whatever time they were put off to."""
    from django_tasks_db.models import DBTaskResult

    def call():
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    return call


@pytest.fixture
def mail_about():
    """Mail now what was told of a decision, an appeal or a report; return whether a mail went out."""
    from belowline.notifications.models import Notification
    from belowline.notifications.tasks import mail_notification

    def call(subject):
        told = Notification.objects.filter(subject_id=subject.pk).first()
        return told is not None and mail_notification.call(told.pk)

    return call
