"""A reporter's record: what counts in it, how sure it makes, and what a report therefore weighs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.moderation.models import Report
from belowline.moderation.report_models import ReporterMute
from belowline.moderation.reporters import ReporterRecord, mute_of, records_of


def record(user):
    return records_of([user.pk])[user.pk]


@pytest.mark.parametrize(
    ("right", "wrong", "accuracy", "weight"),
    [
        (0, 0, 0.5, 0.2),
        (4, 0, 0.75, 0.2),
        (0, 4, 0.25, 0.2),
        (5, 0, 7 / 9, 5 / 9),
        (10, 0, 12 / 14, 10 / 14),
        (100, 0, 102 / 104, 100 / 104),
        (5, 1, 0.7, 0.4),
        (3, 3, 0.5, 0.0),
        (0, 5, 2 / 9, 0.0),
        (1, 40, 3 / 45, 0.0),
    ],
)
def test_accuracy_and_weight(right, wrong, accuracy, weight):
    found = ReporterRecord(right, wrong)

    assert found.accuracy == pytest.approx(accuracy)
    assert found.weight == pytest.approx(weight)
    assert found.is_proven is (right + wrong >= 5)


def test_who_is_muted_weighs_nothing():
    assert ReporterRecord(50, 0, is_muted=True).weight == 0
    assert ReporterRecord(0, 0, is_muted=True).weight == 0


def test_nothing_is_known_of_a_newcomer(reader):
    assert record(reader) == ReporterRecord(0, 0, is_muted=False)


def test_right_and_wrong_are_counted(reporter):
    assert record(reporter(right=3, wrong=2)) == (3, 2, False)


def test_right_ones_count_once_for_each_author_and_wrong_ones_each(reporter, reader):
    """Nobody grows by reporting a second account of their own; whoever pesters one author is wrong each time."""
    assert record(reporter(right=9, one_author=reader)) == (1, 0, False)
    assert record(reporter(wrong=9, one_author=reader)) == (0, 9, False)


@pytest.mark.parametrize(
    "fields",
    [{"category": "off_topic"}, {"ago": timedelta(days=366)}, {"by": None}],
    ids=["off topic", "older than a year", "answered by the machine"],
)
def test_what_does_not_count(reporter, fields):
    assert record(reporter(right=3, wrong=3, **fields)) == (0, 0, False)


def test_open_reports_do_not_count(report, other_reader):
    report()

    assert Report.objects.filter(reporter=other_reader).count() == 1
    assert record(other_reader).answered == 0


def test_many_at_once_in_two_queries(reporter, django_assert_num_queries):
    people = [reporter(right=right) for right in range(4)]
    with django_assert_num_queries(2):
        found = records_of([person.pk for person in people])
    assert [found[person.pk].right for person in people] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("ends_in", "is_lifted", "is_muted"),
    [(1, False, True), (-1, False, False), (1, True, False)],
    ids=["in force", "over", "lifted"],
)
def test_a_mute_has_an_end(reader, moderator, ends_in, is_lifted, is_muted):
    now = timezone.now()
    mute = ReporterMute.objects.create(
        reporter=reader,
        reason="Bad faith.",
        muted_by=moderator,
        ends_at=now + timedelta(hours=ends_in),
        lifted_at=now if is_lifted else None,
    )

    assert record(reader).is_muted is is_muted
    assert mute_of(reader.pk) == (mute if is_muted else None)
    assert str(mute) == f"mute of reporter {reader.pk}"


def test_of_two_mutes_the_one_that_ends_last(reader, moderator):
    now = timezone.now()
    for days in (1, 9, 4):
        ReporterMute.objects.create(
            reporter=reader, reason=f"{days}", muted_by=moderator, ends_at=now + timedelta(days=days)
        )

    assert mute_of(reader.pk).reason == "9"
