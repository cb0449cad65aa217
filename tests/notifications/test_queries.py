"""How often a reader wants mail, and about what it is due: hour by hour, morning by morning."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from belowline.notifications import queries
from belowline.notifications.models import Kind, Notification, NotificationSetting

NOON = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


def at(hour, minute, day=1):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_as_shipped_until_the_reader_chooses(reader):
    assert queries.frequencies_of(reader.pk) == {
        "reply": "hourly",
        "published": "immediate",
        "rejected": "immediate",
        "hidden": "immediate",
        "pick": "immediate",
        "appeal": "immediate",
        "report": "immediate",
    }
    NotificationSetting.objects.create(user=reader, kind="reply", frequency="daily")
    assert queries.frequencies_of(reader.pk)["reply"] == "daily"
    assert queries.frequency_of(reader.pk, "reply") == "daily"
    assert queries.frequency_of(reader.pk, "pick") == "immediate"


DUE = {
    "hourly, of the last hour": ("hourly", at(11, 40), True),
    "hourly, too fresh to be sure": ("hourly", at(11, 59) + timedelta(seconds=30), False),
    "hourly, of this hour": ("hourly", at(12, 0), False),
    "daily, of the night": ("daily", at(6, 30), True),
    "daily, of this morning": ("daily", at(7, 30), False),
    "daily, of last week": ("daily", at(7, 30, 1) - timedelta(days=7), True),
    "at once, and the server did not answer": ("immediate", at(11, 45), True),
    "at once, and on its way": ("immediate", at(11, 55), False),
    "never": ("off", at(6, 0), False),
}


@pytest.mark.parametrize(("frequency", "created_at", "is_due"), DUE.values(), ids=DUE)
def test_what_is_due(reader, written, frequency, created_at, is_due):
    NotificationSetting.objects.create(user=reader, kind="reply", frequency=frequency)
    row = Notification.objects.create(user=reader, kind="reply", comment=written())
    Notification.objects.update(created_at=created_at)

    assert list(queries.due(NOON)) == ([row] if is_due else [])
    Notification.objects.all().give_up()
    assert not queries.due(NOON).exists()


def test_as_shipped_where_nothing_was_chosen(reader, written):
    for kind in Kind:
        Notification.objects.create(user=reader, kind=kind, comment=written())
    Notification.objects.update(created_at=at(11, 55))

    assert [row.kind for row in queries.due(NOON)] == ["reply"]


MORNINGS = {
    "after seven": (datetime(2026, 3, 1, 8, 0, tzinfo=UTC), datetime(2026, 3, 1, 7, 0, tzinfo=UTC)),
    "before seven": (datetime(2026, 3, 1, 6, 59, tzinfo=UTC), datetime(2026, 2, 28, 7, 0, tzinfo=UTC)),
    "at seven": (datetime(2026, 3, 1, 7, 0, tzinfo=UTC), datetime(2026, 3, 1, 7, 0, tzinfo=UTC)),
}


@pytest.mark.parametrize(("now", "expected"), MORNINGS.values(), ids=MORNINGS)
def test_the_last_morning(now, expected):
    assert queries.last_morning(now) == expected


def test_morning_is_where_the_server_stands():
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert queries.last_morning(at(6, 30)) == at(6, 0)


def test_the_last_hour():
    assert queries.last_hour(NOON) == at(12, 0)


def test_unread_are_counted_of_what_is_shown(reader, other_reader, written):
    rows = [
        Notification.objects.create(user=reader, kind="reply", comment=written(author=other_reader, status=status))
        for status in ("published", "published", "removed")
    ]
    assert queries.unread_count(reader.pk) == 2
    assert queries.unread_count(other_reader.pk) == 0
    Notification.objects.filter(pk=rows[0].pk).mark_read()

    assert queries.unread_count(reader.pk) == 1
    assert [row.pk for row in queries.notifications_for(reader)] == [rows[1].pk, rows[0].pk]


def test_a_page_of_them_is_one_query(reader, other_reader, written, django_assert_num_queries):
    for _ in range(3):
        Notification.objects.create(user=reader, kind="reply", comment=written(author=other_reader))

    with django_assert_num_queries(1):
        for row in queries.notifications_for(reader):
            assert (row.comment.story.site.name, row.comment.author.display_name) == ("The Gazette", "Ken Stubbs")
