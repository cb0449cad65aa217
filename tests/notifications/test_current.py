"""Mail goes out only about what still holds, and only to an address that is its reader's."""

from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress

from belowline.accounts.models import Mute, User
from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Pick
from belowline.moderation.models import Report
from belowline.notifications.current import is_current
from belowline.notifications.models import Kind, Notification
from belowline.notifications.queries import with_subject


@pytest.fixture
def own(written):
    return written()


@pytest.fixture
def answer(written, own, other_reader):
    return written("An answer.", author=other_reader, parent=own)


@pytest.fixture
def holds(reader):
    def call(kind, comment, subject=0):
        row, _ = Notification.objects.get_or_create(user=reader, kind=kind, comment=comment, subject_id=subject)
        return is_current(with_subject(Notification.objects.filter(pk=row.pk)).get())

    return call


def test_a_reply(holds, answer):
    assert holds(Kind.REPLY, answer)


CHANGES = {
    "the reply was removed": lambda at: at.answer.change_status("removed"),
    "its author deleted it": lambda at: delete_comment(comment=at.answer, by=at.answer.author),
    "the comment that it answers was deleted": lambda at: delete_comment(comment=at.own, by=at.reader),
    "its author is muted": lambda at: Mute.objects.create(user=at.reader, muted=at.answer.author),
    "the account is closed": lambda at: User.objects.filter(pk=at.reader.pk).update(is_active=False),
    "the address is not confirmed": lambda _: EmailAddress.objects.update(verified=False),
    "the address is another one": lambda at: User.objects.filter(pk=at.reader.pk).update(email="x@y.zz"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_longer(holds, own, answer, reader, change):
    change(SimpleNamespace(own=own, answer=answer, reader=reader))

    assert not holds(Kind.REPLY, answer)


def test_a_pick_while_it_is_picked(holds, own, moderator):
    assert not holds(Kind.PICK, own)
    pick = Pick.objects.create(comment=own, picked_by=moderator)
    assert holds(Kind.PICK, own)
    pick.delete()
    assert not holds(Kind.PICK, own)


def test_a_report_once_it_is_decided(holds, own, reader):
    report = Report.objects.create(comment=own, reporter=reader, category="spam")
    assert not holds(Kind.REPORT, own, report.pk)
    Report.objects.update(state="declined")
    assert holds(Kind.REPORT, own, report.pk)
