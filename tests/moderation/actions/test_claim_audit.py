"""Taking an audit: one moderator at a time, none of their own, and back in the queue when nobody answers."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.events.models import Event
from belowline.moderation.actions import claim_audit as module
from belowline.moderation.actions.claim_audit import CLAIM, claim_audit
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.review_audit import review_audit
from belowline.moderation.models import Audit


@pytest.fixture
def audits(certified, post):
    """Post comments that are all drawn; return their audits."""

    def call(count=1, **more):
        return [
            Audit.objects.get(decision=post(f"Remark number {number} about the tolls.", **more).decision)
            for number in range(count)
        ]

    return call


@pytest.fixture
def other(account):
    return account("Night Desk", "moderator")


def test_nothing_waits(site, moderator):
    assert claim_audit(moderator=moderator) is None
    assert not Event.objects.filter(tag="audit:claimed").exists()


def test_the_oldest_first_and_the_same_until_it_is_answered(audits, moderator):
    first, second = audits(2)

    assert claim_audit(moderator=moderator) == first
    assert claim_audit(moderator=moderator) == first
    assert Event.objects.filter(tag="audit:claimed").count() == 1

    review_audit(audit=first, reviewer=moderator, outcome="publish")
    assert claim_audit(moderator=moderator) == second


def test_never_the_same_for_two(audits, moderator, other, account):
    first, second = audits(2)

    assert claim_audit(moderator=moderator) == first
    assert claim_audit(moderator=other) == second
    assert claim_audit(moderator=account("Third Desk", "admin")) is None
    assert claim_audit(moderator=moderator) == first


def test_whoever_leaves_it_gives_it_back(audits, moderator, other, monkeypatch):
    [audit] = audits()
    claim_audit(moderator=moderator)
    later = timezone.now() + CLAIM + timedelta(seconds=1)
    monkeypatch.setattr(module.timezone, "now", lambda: later)

    assert claim_audit(moderator=other) == audit


def test_not_ones_own_comment(audits, account):
    writer = account("Writing Desk", "moderator")
    audits(author=writer)

    assert claim_audit(moderator=writer) is None


def test_not_what_one_has_decided_about(audits, moderator, other):
    """They would know what became of it."""
    [audit] = audits()
    remove_comment(comment=audit.decision.comment, moderator=moderator, rule="links")

    assert claim_audit(moderator=moderator) is None
    assert claim_audit(moderator=other) == audit


def test_not_what_its_author_deleted(audits, moderator, reader):
    [audit] = audits()
    delete_comment(comment=audit.decision.comment, by=reader)

    assert claim_audit(moderator=moderator) is None


def test_readers_take_nothing(audits, reader):
    audits()
    with pytest.raises(PermissionDenied):
        claim_audit(moderator=reader)


def test_it_is_written_down(audits, moderator, site):
    [audit] = audits()
    claim_audit(moderator=moderator)

    event = Event.objects.get(tag="audit:claimed")
    assert (event.subject_id, event.actor_id, event.site_id, event.data) == (audit.pk, moderator.pk, site.pk, {})


def test_somebody_was_faster(audits, moderator, other):
    """Between the list and the lock, another process has claimed it, or answered it."""
    [audit] = audits()
    assert module._claim(audit, moderator) is True
    assert module._claim(audit, other) is False

    Event.objects.filter(tag="audit:claimed")._raw_delete("default")
    review_audit(audit=audit, reviewer=moderator, outcome="publish")
    assert module._claim(audit, other) is False


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_one_each(audits, account):
    audits(4)
    staff = [account(f"Desk {number}", "moderator") for number in range(4)]
    barrier, got = threading.Barrier(4), []

    def take(who):
        barrier.wait()
        try:
            got.append(claim_audit(moderator=who).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(who,)) for who in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == len(set(got)) == 4
