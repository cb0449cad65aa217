"""A mute is ended before its time, once, by senior moderators."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from belowline.moderation.actions.mute_reporter import mute_reporter
from belowline.moderation.actions.unmute_reporter import unmute_reporter
from belowline.moderation.errors import ReportError
from belowline.moderation.report_models import ReporterMute


@pytest.fixture
def mute(report, senior):
    return mute_reporter(report=report(), moderator=senior, days=30, reason="Everything by one author.")


def test_reports_are_received_again(mute, report, post, senior):
    unmute_reporter(mute=mute, moderator=senior)

    assert report(post("Another remark on the bridge.").comment).state == "open"


def test_readers_end_nothing(mute, other_reader):
    with pytest.raises(PermissionDenied):
        unmute_reporter(mute=mute, moderator=other_reader)
    assert ReporterMute.objects.in_force().exists()


def test_what_is_over_is_over(mute, senior):
    ReporterMute.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ReportError) as refused:
        unmute_reporter(mute=mute, moderator=senior)
    assert refused.value.code == "not_muted"


def test_not_twice(mute, senior, admin):
    unmute_reporter(mute=mute, moderator=senior)
    with pytest.raises(ReportError) as refused:
        unmute_reporter(mute=mute, moderator=admin)
    assert refused.value.code == "not_muted"
    assert ReporterMute.objects.get().lifted_by == senior
