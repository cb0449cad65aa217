"""What a moderator had best do next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.moderation.models import Audit, Decision
from belowline.moderation.next_best import PAUSE_AFTER, stretch, things_to_do
from belowline.moderation.queue_entries import QueueEntry


@pytest.fixture
def things(moderator):
    """What there is to do for the moderator, or for somebody else, now or later."""

    def call(by=moderator, entries=None, later=timedelta()):
        found = QueueEntry.objects.all() if entries is None else entries
        return things_to_do(by, found, timezone.now() + later)

    return call


def kinds(found):
    return [thing.kind for thing in found]


def test_nothing(site, things):
    assert things() == []


def test_a_queue_with_its_most_urgent_comment(held, post, things):
    post("Another wombat.")
    (thing,) = things()

    assert (thing.kind, thing.waiting) == ("held", 2)
    assert thing.entry == QueueEntry.objects.order_by("-rank", "id").first()
    assert [factor.name for factor in thing.why] == ["Risk of harm", "Readers", "Waiting"]
    assert thing.rank == thing.entry.rank


def test_queues_come_by_their_most_urgent_comment(held, published, report, things):
    report(category="hate")
    QueueEntry.objects.filter(queue="held").update(rank=5.0)
    QueueEntry.objects.filter(queue="reported").update(rank=6.0)
    assert kinds(things()) == ["reported", "held"]
    QueueEntry.objects.filter(queue="held").update(rank=7.0)
    assert kinds(things()) == ["held", "reported"]


def test_what_somebody_else_looks_at_is_theirs(held, other_moderator, moderator, things):
    until = timezone.now() + timedelta(minutes=3)
    QueueEntry.objects.update(claimed_by=other_moderator, claimed_until=until)

    assert kinds(things()) == []
    assert kinds(things(other_moderator)) == ["held"]


def test_ones_own_comment_is_for_others(post, moderator, other_moderator, things):
    post("What a wombat.", author=moderator)

    assert kinds(things()) == []
    assert kinds(things(other_moderator)) == ["held"]


def test_only_what_is_asked_for(held, things):
    assert kinds(things(entries=QueueEntry.objects.filter(section="sport"))) == []


def test_a_notice_of_illegal_content_comes_before_a_calm_queue(held, published, give_notice, things):
    give_notice(published)

    assert kinds(things())[0] == "notices"
    QueueEntry.objects.update(rank=1e9)
    assert kinds(things()) == ["held", "notices"]


def test_audits_come_last(certified, post, things):
    post("A quiet remark.")
    assert Audit.objects.count() == 1
    post("SHOUTED FROM THE BRIDGE UNTIL EVERYBODY ON IT HEARS ME NOW")

    assert kinds(things()) == ["held", "audit"]
    assert things()[1].waiting == 1
    assert kinds(things(later=timedelta(days=9)))[-1] == "audit"


def test_a_good_comment_where_nothing_waits(published, moderator, things):
    type(published).objects.update(constructiveness=0.9)
    (thing,) = things()

    assert (thing.kind, thing.comment) == ("pick", published)


def test_no_pick_while_something_waits(published, held, things):
    type(published).objects.update(constructiveness=0.9)

    assert kinds(things()) == ["held"]


# --- a pause


@pytest.fixture
def decided(published, moderator):
    """Let the moderator have decided so many minutes ago."""

    def call(*minutes, by=moderator):
        for ago in minutes:
            row = Decision.objects.create(
                comment=published,
                revision=published.revisions.get(),
                outcome="publish",
                maker="person",
                moderator=by,
                policy="p",
            )
            Decision.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(minutes=ago))

    return call


@pytest.mark.parametrize(
    ("minutes", "began"),
    [
        pytest.param([], None, id="nothing decided"),
        pytest.param([11], None, id="a while ago"),
        pytest.param([1], 1, id="just now"),
        pytest.param([1, 5, 14, 20], 20, id="one after the other"),
        pytest.param([1, 5, 16, 20], 5, id="with a pause between"),
    ],
)
def test_since_when_somebody_is_at_it(decided, moderator, minutes, began):
    decided(*minutes)
    found = stretch(moderator)

    if began is None:
        assert found is None
    else:
        assert timezone.now() - found == pytest.approx(timedelta(minutes=began), abs=timedelta(seconds=5))


def test_a_colleagues_decisions_are_theirs(decided, moderator, other_moderator):
    decided(1, 5, by=other_moderator)

    assert stretch(moderator) is None


def test_after_an_hour_and_a_half_a_pause_comes_first(decided, held, things):
    decided(*range(1, 90, 9))
    assert kinds(things()) == ["held"]
    decided(91, 100)

    assert kinds(things()) == ["pause", "held"]
    assert timezone.now() - things()[0].since >= PAUSE_AFTER
