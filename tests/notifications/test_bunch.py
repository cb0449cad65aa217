"""What a moderator decides about many comments of one author at once is one mail, and each comment is in it."""

import pytest
from django.core import mail

from belowline.moderation.actions.reject_all_by import reject_all_by
from belowline.moderation.models import Decision
from belowline.notifications.models import Notification
from belowline.notifications.tasks import FEW, with_the_bunch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reject(post, reader, moderator, site):
    def call(count):
        for number in range(count):
            post(f"What a wombat of bridge number {number}.")
        newest = Decision.objects.order_by("-id")[0].pk
        return reject_all_by(author=reader, moderator=moderator, site=site, rule="banned_word", as_of=newest)

    return call


@pytest.mark.parametrize(("count", "mails"), [(1, 1), (FEW, FEW), (FEW + 1, 1), (12, 1)])
def test_one_mail_for_many(reject, work, count, mails):
    reject(count)
    work()

    assert len(mail.outbox) == mails
    assert sum(message.body.count("/me/comments/") for message in mail.outbox) == count
    assert Notification.objects.filter(mailed_at=None).count() == 0


def test_another_reader_is_told_alone(reject, post, other_reader, decide, work):
    other = post("A wombat of somebody else.", author=other_reader).comment
    decide(other, "reject", rule="banned_word")
    reject(FEW + 2)
    work()

    assert sorted(message.to[0] for message in mail.outbox) == ["ken@reader.example", "marjorie@reader.example"]


def test_what_came_at_another_time_is_no_bunch(reject):
    from datetime import timedelta

    from django.utils import timezone

    reject(FEW + 1)
    first, *others = Notification.objects.order_by("pk")
    assert len(with_the_bunch(first.pk)) == FEW + 1
    Notification.objects.filter(pk__in=[one.pk for one in others]).update(
        created_at=timezone.now() - timedelta(minutes=9)
    )

    assert with_the_bunch(first.pk) == [first.pk]
    assert with_the_bunch(0) == []
