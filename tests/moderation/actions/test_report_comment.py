"""A reader reports a comment: once, with a reason, and nothing is hidden by it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.report_comment import report_comment
from belowline.moderation.errors import ReportError
from belowline.moderation.models import Report
from belowline.moderation.reports import PER_HOUR
from belowline.stories.models import Story


def test_it_is_kept_and_changes_nothing_for_readers(report, published, other_reader, story):
    version = Story.objects.get(pk=story.pk).thread_version
    made = report(category="hate", text="  The second sentence.\n")

    assert (made.state, made.category, made.text_source) == ("open", "hate", "The second sentence.")
    assert made.reporter == other_reader
    assert Comment.objects.get().status == "published"
    assert Story.objects.get(pk=story.pk).thread_version == version
    event = Event.objects.get(tag="report:received")
    assert (event.subject_id, event.site_id, event.actor_id) == (made.pk, story.site_id, other_reader.pk)
    assert event.data == {"category": "hate"}, "and not a word of what was written"


@pytest.mark.parametrize("category", Report.Category.values)
def test_each_of_the_nine_reasons(report, category):
    assert len(Report.Category.values) == 9
    assert report(category=category, text="").category == category


def test_the_first_one_stands(report):
    first = report(category="spam")

    assert report(category="hate", text="Something else.") == first
    assert Report.objects.get().category == "spam"
    assert Event.objects.filter(tag="report:received").count() == 1


def test_readers_report_each_for_themselves(report, moderator):
    report()
    report(by=moderator, category="off_topic")

    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"category": ""}, "unknown_category"),
        ({"category": "flag"}, "unknown_category"),
        ({"text": "x" * 1_001}, "report_too_long"),
    ],
    ids=["none", "unknown", "long"],
)
def test_what_is_wrong_with_it(report, fields, code):
    with pytest.raises(ReportError) as refused:
        report(**fields)

    assert refused.value.code == code
    assert not Report.objects.exists()


@pytest.mark.parametrize("status", ["pending", "held", "rejected", "removed", "deleted"])
def test_only_what_is_published(report, published, status):
    Comment.objects.filter(pk=published.pk).update(status=status)

    with pytest.raises(ReportError, match="not published any more") as refused:
        report()
    assert refused.value.code == "cannot_report"


def test_not_ones_own(report, reader):
    with pytest.raises(ReportError, match="your own comment"):
        report(by=reader)


def test_not_by_a_closed_account(report, other_reader):
    other_reader.is_active = False

    with pytest.raises(ReportError, match="account is closed"):
        report(by=other_reader)


def test_nobody_reports_everything(report, post, other_reader):
    for number in range(PER_HOUR):
        report(post(f"A quiet remark on bridge number {number}.").comment)

    with pytest.raises(ReportError, match="within an hour") as refused:
        report(post("One more remark on the bridge.").comment)
    assert refused.value.code == "too_many_reports"


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_report(published, other_reader):
    def one(number):
        try:
            return report_comment(comment=published, reporter=other_reader, category="spam", text_source=str(number)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(one, range(4)))

    assert len(found) == Report.objects.count() == 1
