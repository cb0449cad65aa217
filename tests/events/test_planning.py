"""Work that comes back is planned once, whoever asks."""

from datetime import UTC, datetime

import pytest
from django_tasks_db.models import DBTaskResult

from belowline.events.planning import plan_once
from belowline.notifications.digests import mail_digests
from belowline.notifications.tasks import mail_notification

SOON, LATER = datetime(2030, 3, 1, 8, 0, tzinfo=UTC), datetime(2030, 3, 1, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_planned_once_and_for_its_time():
    assert [plan_once(mail_digests, at) for at in (SOON, LATER)] == [True, False]
    [row] = DBTaskResult.objects.all()
    assert (row.run_after, row.status) == (SOON, "READY")


def test_again_once_it_has_run():
    plan_once(mail_digests, SOON)
    DBTaskResult.objects.update(status="SUCCESSFUL")

    assert plan_once(mail_digests, LATER) is True


def test_other_tasks_are_other_plans():
    mail_notification.enqueue(1)

    assert plan_once(mail_digests, SOON) is True
