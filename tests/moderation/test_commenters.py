"""What is known of a commenter: exact counts, topic alone apart, reports with their accuracy, weeks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.commenters import (
    WEEKS,
    commenter_record,
    latest_reports,
    refused_by_rule,
    reports_made,
    weeks_of,
    with_first_signal,
)
from belowline.moderation.models import Decision, Report


@pytest.fixture
def theirs(reader):
    return Comment.objects.filter(author=reader)


@pytest.fixture
def refuse(write_comment, write_decision, site):
    """Write a refused comment with a rule and the signal behind it."""

    def call(rule="abuse", signal="abuse", status="rejected", at=None):
        row = write_decision(write_comment(site, status, at), "reject", rule=rule)
        row.reasons = [row.reasons[0] | {"signal": signal}]
        row.save()
        return row.comment

    return call


def test_of_somebody_new(reader, theirs, site):
    record = commenter_record(reader, theirs)

    assert record[:8] == (0,) * 8
    assert (record.first_at, record.last_at, record.published_share, record.decided) == (None, None, None, 0)
    assert refused_by_rule(theirs) == []


def test_every_status_is_counted_once(reader, theirs, site, write_comment, refuse):
    for status in ("published", "published", "published", "held", "pending", "deleted"):
        write_comment(site, status)
    refuse()
    refuse(status="removed")
    record = commenter_record(reader, theirs)

    assert (record.published, record.refused, record.off_topic, record.waiting, record.deleted) == (3, 2, 0, 2, 1)
    assert record.published_share == 0.6


@pytest.mark.parametrize("signal", ["off_topic", "correction", "about_moderation", "insubstantial"])
def test_the_topic_alone_is_no_mark(reader, theirs, refuse, signal):
    refuse("off_topic", signal)
    refuse()
    record = commenter_record(reader, theirs)

    assert (record.refused, record.off_topic, record.decided) == (1, 1, 1)


def test_by_rule_the_most_frequent_first(theirs, refuse):
    refuse("links")
    refuse("abuse")
    refuse("abuse", status="removed")

    assert refused_by_rule(theirs) == [("Abuse", 2), ("Links", 1)]
    assert refused_by_rule(theirs, limit=1) == [("Abuse", 2)]


def test_recommendations_picks_and_appeals(reader, theirs, post, other_reader, moderator, appeal, settle):  # noqa: PLR0917
    from belowline.comments.actions.pick_comment import pick_comment
    from belowline.comments.actions.recommend_comment import recommend_comment

    comment = post("A remark about the cables of the bridge.").comment
    recommend_comment(comment=comment, by=other_reader)
    pick_comment(comment=comment, by=moderator, sentence="Well said.")
    settle(appeal)
    record = commenter_record(reader, theirs)

    assert (record.recommended, record.picked, record.overturned) == (1, 1, 1)


def test_nobody_elses_count(reader, theirs, post, other_reader):
    post(author=other_reader)

    assert commenter_record(reader, theirs).published == 0


@pytest.mark.parametrize(
    ("states", "found", "accuracy"),
    [
        ([], (0, 0, 0), None),
        (["open"], (0, 0, 1), None),
        (["accepted", "accepted", "declined", "open"], (2, 1, 1), 2 / 3),
        (["declined"], (0, 1, 0), 0.0),
    ],
    ids=["none", "waiting", "mixed", "wrong"],
)
def test_reports_and_how_right_they_were(other_reader, post, states, found, accuracy):
    for number, state in enumerate(states):
        comment = post(f"A remark about cable number {number}.").comment
        Report.objects.create(comment=comment, reporter=other_reader, category="spam", state=state)
    made = reports_made(other_reader)

    assert made == found
    assert made.accuracy == accuracy
    assert made.decided == found[0] + found[1]


def test_the_latest_reports(other_reader, post, report):
    first, second = (report(post(f"Remark about cable {number}.").comment) for number in (1, 2))

    assert list(latest_reports(other_reader)) == [second, first]
    assert list(latest_reports(other_reader, 1)) == [second]


def test_the_newest_decision_gives_the_rule(rejected, decide, theirs):
    [row] = with_first_signal(theirs)

    assert (row.signal, row.rule_title) == ("banned_word", "Words that we do not publish")


def test_a_comment_without_reasons(published, theirs):
    [row] = with_first_signal(theirs)

    assert (row.signal, row.rule_title) == ("", "")


def test_half_a_year_of_weeks(theirs, site, write_comment, refuse):
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
    write_comment(site, "published", now - timedelta(days=2))
    write_comment(site, "held", now - timedelta(days=1))
    write_comment(site, "deleted", now)
    write_comment(site, "published", now - timedelta(days=3))
    refuse(at=now - timedelta(weeks=4))
    write_comment(site, "published", now - timedelta(weeks=WEEKS))
    weeks = weeks_of(theirs, now)

    assert len(weeks) == WEEKS
    assert weeks[-1] == (date(2026, 3, 2), 1, 0, 1)
    assert weeks[-2] == (date(2026, 2, 23), 1, 0, 0)
    assert weeks[-5] == (date(2026, 2, 2), 0, 1, 0)
    assert sum(sum(week[1:]) for week in weeks) == 4


def test_now_is_the_last_week(theirs, published):
    assert weeks_of(theirs)[-1].published == 1
    assert weeks_of(theirs)[-1].monday <= timezone.localdate()


def test_the_record_asks_few_questions(reader, theirs, published, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        commenter_record(reader, theirs)


def test_decisions_of_others_do_not_count(rejected, reader, theirs, post, other_reader):
    other = post("Another wombat.", author=other_reader).comment
    Decision.objects.filter(comment=other).update(reasons=[{"signal": "off_topic", "rule": "x", "title": "X"}])

    assert commenter_record(reader, theirs).off_topic == 0
