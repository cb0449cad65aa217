"""Whoever reports in bad faith is not heard for a time: told why, and still free to give notice of what is illegal."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from belowline.events.models import Event
from belowline.moderation.actions.mute_reporter import DAYS, mute_reporter
from belowline.moderation.actions.unmute_reporter import unmute_reporter
from belowline.moderation.errors import ReportError
from belowline.moderation.models import Report
from belowline.moderation.report_models import ReporterMute, ReportTally
from belowline.moderation.reports import comments_to_look_at, quiet_comments

WHY = "You have reported everything by one author."


@pytest.fixture
def mute(report, senior):
    def call(made=None, *, by=senior, days=30, reason=WHY):
        return mute_reporter(report=made or Report.objects.first() or report(), moderator=by, days=days, reason=reason)

    return call


@pytest.mark.parametrize("days", DAYS)
def test_it_is_kept_with_its_end(mute, other_reader, senior, days):
    made = mute(days=days, reason=f"  {WHY}\n")

    assert (made.reporter, made.muted_by, made.reason) == (other_reader, senior, WHY)
    assert timedelta(days=days) - (made.ends_at - timezone.now()) < timedelta(minutes=1)
    event = Event.objects.get(tag="reporter:muted")
    assert (event.subject_id, event.actor_id, event.data) == (
        other_reader.pk,
        senior.pk,
        {"mute": made.pk, "days": days},
    )


def test_their_reports_do_not_bring_a_comment_to_the_desk(mute, report, published):
    made = report()
    assert comments_to_look_at().exists()
    mute(made)

    assert not comments_to_look_at().exists()
    assert list(quiet_comments()) == [published]
    tally = ReportTally.objects.get()
    assert (tally.weight, tally.open_count, tally.is_waiting) == (0.0, 1, False)


def test_what_others_reported_too_stays_there(mute, report, published, admin):
    made = report()
    report(by=admin)
    mute(made)

    assert list(comments_to_look_at()) == [published]


def test_they_report_nothing_meanwhile_and_read_why(mute, report, post):
    mute()
    with pytest.raises(ReportError) as refused:
        report(post("Another remark on the bridge.").comment)

    assert refused.value.code == "cannot_report"
    assert WHY in refused.value.message
    assert "the form for illegal content" in refused.value.message
    assert Report.objects.count() == 1


def test_afterwards_they_may_again(mute, report, post):
    mute()
    ReporterMute.objects.update(ends_at=timezone.now() - timedelta(seconds=1))

    assert report(post("Another remark on the bridge.").comment).state == "open"


@pytest.mark.parametrize("who", ["reader", "other_reader", "auditor", "moderator"])
def test_who_mutes_nobody(mute, report, request, who):
    report()
    with pytest.raises(PermissionDenied):
        mute(by=request.getfixturevalue(who))
    assert not ReporterMute.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"days": 3}, "unknown_days"),
        ({"reason": " "}, "mute_reason_required"),
        ({"reason": "w" * 301}, "mute_reason_too_long"),
    ],
)
def test_what_is_missing(mute, fields, code):
    with pytest.raises(ReportError) as refused:
        mute(**fields)
    assert refused.value.code == code
    assert not ReporterMute.objects.exists()


def test_not_twice(mute):
    mute()
    with pytest.raises(ReportError) as refused:
        mute()
    assert refused.value.code == "already_muted"
    assert ReporterMute.objects.count() == 1


def test_not_oneself(mute, report, senior):
    with pytest.raises(ReportError) as refused:
        mute(report(by=senior))
    assert refused.value.code == "own_report"


def test_heard_again(mute, senior, admin, other_reader):
    made = unmute_reporter(mute=mute(), moderator=admin)

    assert (made.lifted_by, made.lifted_at is not None) == (admin, True)
    assert comments_to_look_at().exists()
    event = Event.objects.get(tag="reporter:unmuted")
    assert (event.subject_id, event.actor_id, event.data) == (other_reader.pk, admin.pk, {"mute": made.pk})
