"""What was reported waits in an order: the heaviest first, then the longest wait, what is only off topic last."""

import pytest

from belowline.comments.models import Comment
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.reports import (
    comments_to_look_at,
    latest_kept,
    quiet_comments,
    report_by,
    reported_comments,
    why_not_report,
)


@pytest.fixture
def three(post):
    return [post(f"Remark number {number} on the bridge.").comment for number in range(3)]


def test_the_longest_wait_comes_first_and_what_is_only_off_topic_last(report, three, admin):
    first, second, third = three
    report(second, category="off_topic")
    report(third, category="spam")
    report(first, category="trolling")
    report(first, by=admin, category="off_topic")

    rows = list(reported_comments())
    assert [(row.pk, row.tally.open_count, row.tally.is_grave, row.is_hidden) for row in rows] == [
        (third.pk, 1, True, False),
        (first.pk, 2, True, False),
        (second.pk, 1, False, False),
    ]
    assert rows[0].tally.waits_since < rows[1].tally.waits_since


def test_what_weighs_more_comes_before_what_waits_longer(report, three, reporter):
    first, second, third = three
    report(first)
    report(second, by=reporter(right=9))
    report(third, by=reporter(wrong=9))

    assert [row.pk for row in reported_comments()] == [second.pk, first.pk, third.pk]


def test_two_reports_are_one_comment_to_look_at(report, published, admin):
    report()
    report(by=admin)

    assert comments_to_look_at().count() == reported_comments().count() == 1


@pytest.mark.parametrize("status", ["held", "rejected", "removed", "deleted"])
def test_what_is_gone_waits_for_nobody(report, published, status):
    report()
    Comment.objects.update(status=status)

    assert not reported_comments().exists()
    assert not quiet_comments().exists()


def test_what_a_moderator_kept_last(report, three, moderator, other_moderator):
    for comment in three:
        report(comment)
    for comment in three[:2]:
        decide_reports(comment=comment, moderator=moderator, accept=False)
    decide_reports(comment=three[2], moderator=other_moderator, accept=False)

    assert [comment.pk for comment in latest_kept(moderator)] == [three[1].pk, three[0].pk]
    assert [comment.pk for comment in latest_kept(moderator, limit=1)] == [three[1].pk]
    Comment.objects.filter(pk=three[1].pk).update(status="deleted")
    assert [comment.pk for comment in latest_kept(moderator)] == [three[0].pk]


def test_who_may_report_what(published, reader, other_reader):
    assert why_not_report(published, other_reader) == ""
    assert why_not_report(published, reader) == "This is your own comment. You can delete it."


def test_a_report_is_found_by_its_reader(report, published, other_reader, reader):
    made = report()

    assert report_by(other_reader, published) == made
    assert report_by(reader, published) is None
