"""Nothing is mailed twice; what could not be sent is due again."""

import pytest

from belowline.notifications.claims import claimed
from belowline.notifications.models import Notification


@pytest.fixture
def rows(reader, other_reader, written):
    own = written()
    return [
        Notification.objects.create(
            user=reader, kind="reply", comment=written(author=other_reader, parent=own, status=status)
        )
        for status in ("published", "removed", "published")
    ]


def state():
    return [(row.is_mail_due, row.mailed_at is None) for row in Notification.objects.order_by("pk")]


def test_what_holds_is_claimed_and_the_rest_given_up(rows):
    with claimed([row.pk for row in rows]) as found:
        assert [row.pk for row in found] == [rows[0].pk, rows[2].pk]

    assert state() == [(False, False), (False, True), (False, False)]


def test_the_second_who_asks_gets_nothing(rows):
    with claimed([rows[0].pk]), claimed([rows[0].pk]) as second:
        assert second == []


def test_given_back_where_sending_fails(rows):
    with pytest.raises(OSError, match="no answer"), claimed([row.pk for row in rows]):
        raise OSError("no answer")

    assert state() == [(True, True), (False, True), (True, True)]


def test_ids_that_are_not_there(db):
    with claimed([1, 2]) as found:
        assert found == []
