"""Taking a comment: one moderator at a time, in order, and back to everybody when nobody decides."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from belowline.moderation.actions import claim_comment as module
from belowline.moderation.actions.claim_comment import RENEWED_FROM, claim_comment
from belowline.moderation.claims import check_claim, looking_at
from belowline.moderation.errors import DecidingError
from belowline.moderation.queue_entries import CLAIM, LONGEST, QueueEntry
from belowline.moderation.queue_order import ordered, viewed


@pytest.fixture
def waiting(post, account):
    """Let so many comments wait; return their ids, in order."""

    def call(count, **more):
        comments = [post(f"Wombat number {number} of the bridge.", **more).comment.pk for number in range(count)]
        for place, comment in enumerate(comments):
            QueueEntry.objects.filter(comment=comment).update(rank=-place)
        return comments

    return call


def claim(who, **more):
    found = claim_comment(moderator=who, entries=ordered(viewed("held")), **more)
    return found.comment_id if found else None


def later(monkeypatch, time):
    moment = timezone.now() + time
    monkeypatch.setattr(module.timezone, "now", lambda: moment)


def claimed_by(comment):
    return QueueEntry.objects.filter(comment=comment).values_list("claimed_by", flat=True).get()


def test_nothing_waits(site, moderator):
    assert claim(moderator) is None


def test_in_order_and_the_same_until_it_is_decided(waiting, moderator, decide, post):
    first, second = waiting(2)
    assert claim(moderator) == claim(moderator) == first

    decide(QueueEntry.objects.get(comment=first).comment)
    assert claim(moderator) == second


def test_never_the_same_for_two(waiting, moderator, other_moderator, admin):
    first, second = waiting(2)

    assert [claim(who) for who in (moderator, other_moderator, admin)] == [first, second, None]
    assert claim(moderator) == first


def test_the_one_that_is_asked_for(waiting, moderator, other_moderator):
    first, second, third = waiting(3)
    assert claim(moderator, wanted=second) == second
    assert claim(other_moderator, wanted=second) == second, "it is shown"
    assert claimed_by(second) == moderator.pk, "and stays with whoever looks at it"
    assert claim(other_moderator) == first
    assert claim(moderator, wanted=999) is None
    assert claimed_by(second) is None, "let go"
    assert claim(moderator, wanted=third) == third


def test_one_beside_another(waiting, moderator, other_moderator):
    first, second, third = waiting(3)
    assert claim(moderator) == first
    assert claim(moderator, beside=[first]) == second
    assert claim(other_moderator) == third
    assert [claimed_by(one) for one in (first, second)] == [moderator.pk, moderator.pk]

    assert claim(moderator, wanted=second) == second
    assert claimed_by(first) is None


def test_whoever_leaves_it_gives_it_back(waiting, moderator, other_moderator, monkeypatch):
    [only] = waiting(1)
    claim(moderator)
    later(monkeypatch, CLAIM - timedelta(seconds=1))
    assert claim(other_moderator) is None
    later(monkeypatch, timedelta(seconds=2))

    assert claim(other_moderator) == only
    assert claim(moderator) is None


def test_the_clock_was_set_back(waiting, moderator, other_moderator, monkeypatch):
    """A claim lasts until somebody else asks, and not for an hour more."""
    [only] = waiting(1)
    assert claim(moderator) == only
    later(monkeypatch, CLAIM - LONGEST - timedelta(seconds=5))

    assert looking_at(only, besides=other_moderator) is None
    assert claim(other_moderator) == only
    assert claim(moderator) is None


def test_whoever_stays_keeps_it(waiting, moderator, other_moderator, monkeypatch):
    [only] = waiting(1)
    claim(moderator)
    later(monkeypatch, CLAIM - RENEWED_FROM + timedelta(seconds=1))
    assert claim(moderator) == only
    later(monkeypatch, CLAIM - timedelta(seconds=5))

    assert claim(other_moderator) is None


def test_looking_twice_writes_nothing(waiting, moderator, django_assert_num_queries):
    waiting(1)
    claim(moderator)
    with django_assert_num_queries(3):  # is there anybody else, the claim, other claims
        claim(moderator)


def test_ones_own_comment_only_where_nobody_else_could(waiting, moderator, account):
    [own] = waiting(1, author=moderator)
    assert claim(moderator) == own
    QueueEntry.objects.update(claimed_by=None)
    account("Night Desk", "moderator")

    assert claim(moderator) is None


def test_readers_claim_nothing(waiting, reader):
    waiting(1)
    with pytest.raises(PermissionDenied):
        claim(reader)


def test_somebody_was_faster_than_all_that_were_offered(waiting, moderator, other_moderator, monkeypatch):
    """What was offered is taken before it is claimed: then it is looked again."""
    comments = waiting(3)
    monkeypatch.setattr(module, "CANDIDATES", 2)
    take, losses = module._take, []

    def lose_twice(entry, who, now):
        if len(losses) < 2:
            losses.append(entry.comment_id)
            assert take(entry, other_moderator, now)
            return False
        return take(entry, who, now)

    monkeypatch.setattr(module, "_take", lose_twice)

    assert claim(moderator) == comments[2]
    assert losses == comments[:2]


def test_who_looks_at_it(waiting, moderator, other_moderator):
    [only] = waiting(1)
    entry = QueueEntry.objects.get()
    assert looking_at(only, besides=moderator) is None
    claim(other_moderator)

    assert looking_at(only, besides=moderator).claimed_by == other_moderator
    assert looking_at(only, besides=other_moderator) is None
    check_claim(entry.comment, other_moderator)
    with pytest.raises(DecidingError, match="Night Desk is looking at this comment now") as raised:
        check_claim(entry.comment, moderator)
    assert raised.value.code == "claimed"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_one_each(waiting, account):
    comments = waiting(10)
    staff = [account(f"Desk {number}", "moderator") for number in range(10)]
    gate, got = threading.Barrier(10), []

    def take(who):
        try:
            gate.wait(20)
            got.append(claim(who))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(who,)) for who in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(got) == comments
    held = QueueEntry.objects.values_list("claimed_by", flat=True)
    assert len(set(held)) == 10
