"""What a reader is shown: nothing that is no longer public, nothing by whom they mute."""

import pytest

from belowline.accounts.models import Mute
from belowline.comments.models import Pick
from belowline.notifications.models import SHIPPED, Frequency, Kind, Notification


@pytest.fixture
def told(reader, written, other_reader, moderator):
    def call(kind=Kind.REPLY, **more):
        comment = written(author=other_reader, **more)
        if kind == Kind.PICK:
            Pick.objects.create(comment=comment, picked_by=moderator)
        return Notification.objects.create(user=reader, kind=kind, comment=comment)

    return call


def shown(reader):
    return list(Notification.objects.shown_to(reader.pk))


@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.PICK])
@pytest.mark.parametrize(("status", "is_there"), [("published", True), ("removed", False), ("deleted", False)])
def test_what_others_see_no_longer_is_not_told_of(told, reader, kind, status, is_there):
    row = told(kind, status=status)

    assert shown(reader) == ([row] if is_there else [])


def test_a_pick_that_was_taken_back_is_not(told, reader):
    told(Kind.PICK).comment.pick.delete()

    assert shown(reader) == []


def test_ones_own_rejected_comment_is(told, reader):
    row = told(Kind.REJECTED, status="rejected")

    assert shown(reader) == [row]


def test_not_by_whom_the_reader_mutes(told, reader, other_reader):
    told()
    pick = told(Kind.PICK)
    Mute.objects.create(user=reader, muted=other_reader)

    assert shown(reader) == [pick]


def test_not_what_others_are_told(told, other_reader):
    told()

    assert shown(other_reader) == []


def test_reading_is_noted_once(told, reader):
    row = told()
    told()

    assert reader.notifications.mark_read() == 2
    first = Notification.objects.get(pk=row.pk).read_at
    assert reader.notifications.mark_read() == 0
    assert (Notification.objects.get(pk=row.pk).read_at, row.is_unread) == (first, True)
    assert Notification.objects.get(pk=row.pk).is_unread is False


def test_giving_up_leaves_what_was_sent(told):
    told()

    assert Notification.objects.all().give_up() == 1
    assert Notification.objects.all().give_up() == 0


@pytest.mark.parametrize("kind", [Kind.REJECTED, Kind.APPEAL, Kind.REPORT])
def test_what_the_law_wants_told_comes_at_once(kind):
    assert SHIPPED[kind] == Frequency.IMMEDIATE
    assert set(SHIPPED) == set(Kind)
