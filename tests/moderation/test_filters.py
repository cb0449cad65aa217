"""Reading saved filters, and counting what they let through."""

import pytest

from belowline.moderation.actions.save_filter import save_filter
from belowline.moderation.filters import count_waiting, filters_for
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import Narrowed


@pytest.fixture
def names():
    return lambda user: [saved.name for saved in filters_for(user)]


def test_ones_own_first_then_what_others_share(site, moderator, other_moderator, names):
    for owner, name, is_shared in (
        (other_moderator, "Arts", True),
        (other_moderator, "Secret", False),
        (moderator, "Zoo", False),
        (moderator, "News", True),
    ):
        save_filter(owner=owner, name=name, terms=Narrowed(section="x"), is_shared=is_shared)

    assert names(moderator) == ["News", "Zoo", "Arts"]
    assert names(other_moderator) == ["Arts", "Secret", "News"]


def test_whoever_leaves_takes_their_filters_along(site, moderator, other_moderator, names):
    save_filter(owner=other_moderator, name="Arts", terms=Narrowed(section="x"), is_shared=True)
    other_moderator.delete()

    assert names(moderator) == []


@pytest.mark.parametrize(
    ("terms", "waiting"),
    [
        (Narrowed(section="news"), 1),
        (Narrowed(section="sport"), 1),
        (Narrowed(site="gazette"), 2),
        (Narrowed(site="courier"), 0),
        (Narrowed(rule="banned_word"), 2),
        (Narrowed(rule="banned_word", section="sport"), 1),
        (Narrowed(rule="links"), 0),
        (Narrowed(), 2),
    ],
)
def test_how_much_each_lets_through(held, site, make_story, post, terms, waiting):  # noqa: PLR0917
    post("A wombat of a goose.", story=make_story(site, "goose", section="sport"))

    assert count_waiting([terms, Narrowed()], QueueEntry.objects.all()) == [waiting, 2]


def test_many_take_one_query(held, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert count_waiting([Narrowed(section="news")] * 20, QueueEntry.objects.all()) == [1] * 20


def test_none_take_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert count_waiting([], QueueEntry.objects.all()) == []


def test_a_comment_in_two_queues_counts_once(held):
    entry = QueueEntry.objects.get()
    entry.pk, entry.queue = None, "escalated"
    entry.save()

    assert count_waiting([Narrowed()], QueueEntry.objects.all()) == [1]
