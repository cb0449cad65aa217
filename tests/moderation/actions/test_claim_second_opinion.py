"""Taking a colleague's decision to give an opinion on: one moderator at a time, none of one's own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.events.models import Event
from belowline.moderation.actions import claim_second_opinion as module
from belowline.moderation.actions.claim_second_opinion import CLAIM, claim_second_opinion
from belowline.moderation.actions.give_second_opinion import give_second_opinion
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.second_opinions import SecondOpinion


@pytest.fixture
def drawn(settings, post, decide, moderator, other_moderator):
    """Decide as the moderator; return what waits for a second opinion."""
    settings.SECOND_OPINION_PERCENT = 100

    def call(count=1, *, by=moderator, **more):
        return [
            SecondOpinion.objects.get(decision=decide(post(f"A wombat of {number} tolls.", **more).comment, by=by))
            for number in range(count)
        ]

    return call


def test_nothing_waits(site, moderator):
    assert claim_second_opinion(moderator=moderator) is None
    assert not Event.objects.filter(tag="opinion:claimed").exists()


def test_the_oldest_first_and_the_same_until_it_is_given(drawn, other_moderator):
    first, second = drawn(2)

    assert claim_second_opinion(moderator=other_moderator) == first
    assert claim_second_opinion(moderator=other_moderator) == first
    (event,) = Event.objects.filter(tag="opinion:claimed")
    assert (event.subject_id, event.actor_id) == (first.pk, other_moderator.pk)

    give_second_opinion(opinion=first, giver=other_moderator, outcome="publish")
    assert claim_second_opinion(moderator=other_moderator) == second


def test_never_the_same_for_two(drawn, other_moderator, admin, account):
    first, second = drawn(2)

    assert claim_second_opinion(moderator=other_moderator) == first
    assert claim_second_opinion(moderator=admin) == second
    assert claim_second_opinion(moderator=account("Third Desk", "moderator")) is None


def test_whoever_leaves_it_gives_it_back(drawn, other_moderator, admin, monkeypatch):
    (opinion,) = drawn()
    claim_second_opinion(moderator=other_moderator)
    later = timezone.now() + CLAIM + timedelta(seconds=1)
    monkeypatch.setattr(module.timezone, "now", lambda: later)

    assert claim_second_opinion(moderator=admin) == opinion


def test_nobody_gives_one_on_what_they_decided(drawn, moderator):
    drawn()

    assert claim_second_opinion(moderator=moderator) is None


def test_nobody_gives_one_on_their_own_comment(drawn, account, admin):
    writer = account("Writing Desk", "moderator")
    drawn(author=writer)

    assert claim_second_opinion(moderator=writer) is None
    assert claim_second_opinion(moderator=admin) is not None


def test_what_is_gone_or_taken_back_asks_nobody(drawn, moderator, other_moderator, reader):
    gone, undone = drawn(2)
    delete_comment(comment=gone.decision.comment, by=reader)
    undo_decision(decision=undone.decision, moderator=moderator)

    assert claim_second_opinion(moderator=other_moderator) is None


def test_readers_are_refused(site, reader):
    with pytest.raises(PermissionDenied):
        claim_second_opinion(moderator=reader)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_one_each(drawn, account):
    drawn(3)
    people = [account(f"Desk {number}", "moderator") for number in range(4)]

    def claim(person):
        try:
            return claim_second_opinion(moderator=person)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        found = [opinion.pk for opinion in pool.map(claim, people) if opinion]

    assert len(found) == len(set(found)) == 3


def test_only_where_one_may_audit(drawn, site, other_site, local):
    drawn()

    assert claim_second_opinion(moderator=local(other_site)) is None
    assert claim_second_opinion(moderator=local(site, name="There")) is not None
