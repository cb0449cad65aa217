"""What waits where, and who works there."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.moderation.models import Decision
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import Narrowed
from belowline.moderation.workload import (
    ORDERS,
    Load,
    at_work,
    in_order,
    loads_by_story,
    new_by_story,
    queue_loads,
    stories_of,
    story_loads,
)


def entries():
    return QueueEntry.objects.all()


def test_every_queue_is_there(db):
    found = queue_loads(entries())

    assert [load.queue for load in found] == QueueEntry.Queue.values
    assert {(load.waiting, load.oldest) for load in found} == {(0, None)}


def test_the_oldest_of_each_queue(held, post, published, report):
    later = post("Another wombat.").comment
    report()
    found = {load.queue: load for load in queue_loads(entries())}

    assert (found["held"].waiting, found["reported"].waiting) == (2, 1)
    assert found["held"].oldest == held.created_at < later.created_at


def test_the_load_of_each_story(held, published, report, appeal, other_story, post):  # noqa: PLR0917
    report()
    entry = QueueEntry.objects.filter(queue="reported").get()
    entry.pk, entry.queue = None, "escalated"
    entry.save()
    post("A wombat of a goose.", story=other_story)
    found = loads_by_story(entries())

    assert found[held.story_id][:4] == (0, 1, 1, 1)  # the held one is what the appeal is about
    assert found[held.story_id].waiting == 3
    assert found[other_story.pk][:4] == (1, 0, 0, 0)
    assert found[other_story.pk].rank == QueueEntry.objects.get(story=other_story).rank


def test_nothing_waits(db):
    assert loads_by_story(entries()) == {}
    assert Load().waiting == 0


def test_new_ones_are_of_the_last_day_in_whatever_state(story, other_story, written):
    for status in ("published", "held", "deleted"):
        written(status=status)
    old = written(story=other_story)
    type(old).objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))

    assert new_by_story(None, timezone.now()) == {story.pk: 3}


@pytest.mark.parametrize(
    ("terms", "keys"),
    [
        (Narrowed(site="gazette"), {"bridge", "goose"}),
        (Narrowed(section="sport"), {"goose"}),
        (Narrowed(site="courier"), set()),
        (Narrowed(language="de"), None),
        (Narrowed(), None),
    ],
)
def test_the_places_of_a_filter(story, site, make_story, terms, keys):
    make_story(site, "goose", section="sport")
    found = stories_of(terms)

    assert (found if found is None else {one.key for one in found}) == keys


@pytest.fixture
def three(site, make_story):
    """Three stories: a small urgent pile, a large calm one that waits long, and a quiet one with new comments."""
    stories = [make_story(site, key).pk for key in ("urgent", "large", "quiet")]
    now = timezone.now()
    loads = {
        stories[0]: Load(held=1, oldest=now, rank=9.0),
        stories[1]: Load(held=8, reported=1, oldest=now - timedelta(hours=3), rank=2.0),
    }
    return stories, loads, Counter({stories[2]: 5, stories[0]: 1})


@pytest.mark.parametrize(
    ("order", "places"),
    [
        ("urgent", [0, 1, 2]),
        ("longest", [1, 0, 2]),
        ("most", [1, 0, 2]),
        ("newest", [2, 1, 0]),
        ("nonsense", [0, 1, 2]),
    ],
)
def test_orders(three, order, places):
    stories, loads, new = three

    assert in_order(loads, new, order) == [stories[place] for place in places]


def test_all_orders_are_tried():
    assert set(ORDERS) == {"urgent", "longest", "most", "newest"}


def test_stories_come_in_the_order_asked_for(three):
    stories, loads, new = three
    found = story_loads(reversed([*stories, 999_999]), loads, new, timezone.now())

    assert [row.story.pk for row in found] == stories[::-1]
    assert [(row.new, row.load.waiting) for row in found] == [(5, 0), (0, 9), (1, 1)]
    assert all(row.state.is_open for row in found)


def test_few_queries_for_many_stories(three, django_assert_max_num_queries):
    stories, loads, new = three
    with django_assert_max_num_queries(5):
        story_loads(stories * 3, loads, new, timezone.now())


# --- who works there


@pytest.fixture
def people(story):
    return lambda: at_work([story], timezone.now()).get(story.pk, ())


def test_whoever_looks_at_a_comment(held, moderator, people):
    assert people() == ()
    QueueEntry.objects.update(claimed_by=moderator, claimed_until=timezone.now() + timedelta(minutes=3))
    assert people() == ("Gazette Desk",)
    QueueEntry.objects.update(claimed_until=timezone.now() - timedelta(minutes=3))
    assert people() == ()


def test_whoever_has_just_decided(held, decide, other_moderator, people):
    row = decide(held, by=other_moderator)

    assert people() == ("Night Desk",)
    Decision.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(minutes=16))
    assert people() == ()


def test_each_is_named_once(post, decide, moderator, other_moderator, people):
    for number, by in enumerate((moderator, moderator, other_moderator)):
        decide(post(f"Wombat number {number}.").comment, by=by)

    assert people() == ("Gazette Desk", "Night Desk")


def test_the_machine_is_not_named(published, people):
    assert people() == ()
