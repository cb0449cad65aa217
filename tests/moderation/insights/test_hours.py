"""Hour of the day by hour of the day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.moderation.insights.hours import by_hour


@pytest.fixture
def at_hour():
    """A moment of the day before yesterday."""
    return lambda hour: (timezone.now() - timedelta(days=2)).replace(hour=hour, minute=30, second=0, microsecond=0)


def test_there_are_24_hours_also_without_anything(scope):
    found = by_hour(scope())

    assert [hour.hour for hour in found] == list(range(24))
    assert {(hour.comments, hour.decisions, hour.median) for hour in found} == {(0, 0, None)}


def test_all_that_was_written_counts_and_waits_of_what_was_held(site, scope, waits, write_comment, at_hour):
    waits(site, 20, [10, 20, 30, 40, 50])
    for status in ("published", "deleted", "rejected"):
        write_comment(site, status, at=at_hour(20))
    write_comment(site, at=at_hour(4))
    found = by_hour(scope())

    assert (found[20].comments, found[20].decisions, found[20].median) == (8, 5, timedelta(minutes=30))
    assert (found[4].comments, found[4].decisions, found[4].median) == (1, 0, None)
    assert sum(hour.comments for hour in found) == 9


def test_four_decisions_are_too_few_to_say(site, scope, waits):
    waits(site, 9, [10, 20, 30, 40])

    assert by_hour(scope())[9][1:] == (4, 4, None)


def test_hours_are_those_of_the_newsroom(site, scope, write_comment, at_hour, settings):
    write_comment(site, at=at_hour(20))
    settings.TIME_ZONE = "Asia/Tokyo"

    assert [hour.hour for hour in by_hour(scope()) if hour.comments] == [5]


def test_another_site_has_its_own(other_site, site, scope, waits):
    waits(site, 20, [10] * 5)

    assert not any(hour.comments or hour.decisions for hour in by_hour(scope(of=other_site)))
