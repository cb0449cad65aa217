"""Reading a discussion: orders, pages, the first replies, tombstones, conversations of any depth, few queries."""

import random

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.comments.models import Comment, Pick
from belowline.comments.orders import ORDERS
from belowline.comments.threads import (
    PAGE_REPLIES,
    PAGE_THREADS,
    SHOWN_ABOVE,
    SHOWN_REPLIES,
    read_conversation,
    read_page,
)


def names(rows):
    return [row.body_html.removeprefix("<p>").removesuffix("</p>") or row.status for row in rows]


def shown(story, *asked, **more):
    return names(read_page(story, *asked, **more).comments)


def below(comment, page=1):
    return names(read_conversation(comment, page).replies)


# --- a page of threads


def test_no_comments(story, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert read_page(story) == ((), False)


def test_threads_newest_first_replies_oldest_first(story, write):
    a = write("a", age=60)
    b = write("b", age=50)
    write("b1", b, age=40)
    a1 = write("a1", a, age=30)
    write("b2", b, age=20)
    write("a1x", a1, age=10)
    write("a2", a, age=5)

    assert shown(story) == ["b", "b1", "b2", "a", "a1", "a1x", "a2"]
    assert shown(story, "oldest") == ["a", "a1", "a1x", "a2", "b", "b1", "b2"]


def test_every_order(story, write, moderator):
    write("loved", age=50, recommend_count=9, best_rank=0.2)
    write("good", age=40, recommend_count=1, best_rank=0.9)
    debated = write("debated", age=30, best_rank=0.1)
    write("reply", debated, age=20)
    picked = write("picked", debated, age=10)
    write("late", age=1, recommend_count=2, best_rank=0.5)
    Pick.objects.create(comment=picked, picked_by=moderator, sentence="Well said.")

    found = {order: [name for name in shown(story, order) if name not in {"reply", "picked"}] for order in ORDERS}
    assert found == {
        "picks": [],
        "best": ["good", "late", "loved", "debated"],
        "recommended": ["loved", "late", "good", "debated"],
        "newest": ["late", "debated", "good", "loved"],
        "oldest": ["loved", "good", "debated", "late"],
        "discussed": ["debated", "late", "good", "loved"],
    }
    [thread] = read_page(story, "picks").threads
    assert (thread.head.id, thread.head.pick_sentence, thread.replies) == (picked.pk, "Well said.", ())
    assert thread.head.depth == 0


@pytest.mark.parametrize("order", ORDERS)
def test_in_every_order_the_pages_hold_each_thread_once(story, write, order, moderator):
    """Also where all are equal: the order is a whole one."""
    moment = timezone.now()
    made = [write(str(number)) for number in range(2 * PAGE_THREADS + 3)]
    for comment in made:
        Pick.objects.create(comment=comment, picked_by=moderator)
    Comment.objects.update(created_at=moment)
    Pick.objects.update(created_at=moment)
    pages = [read_page(story, order, number) for number in (1, 2, 3, 4)]

    assert [len(page.threads) for page in pages] == [PAGE_THREADS, PAGE_THREADS, 3, 0]
    assert [page.has_next for page in pages] == [True, True, False, False]
    found = [row.id for page in pages for row in page.comments]
    assert sorted(found) == [comment.pk for comment in made]


def test_a_page_that_is_just_full_is_the_last(story, write):
    for number in range(PAGE_THREADS):
        write(str(number))

    assert not read_page(story).has_next


def test_what_a_row_holds(story, write, moderator):
    parent = write("a", author=moderator, recommend_count=3, is_digression=True)
    write("b", parent)
    row, reply = read_page(story).comments

    assert (row.id, row.parent_id, row.root_id, row.depth, row.status) == (parent.pk, None, None, 0, "published")
    assert (row.author_id, row.author_name, row.author_role) == (moderator.pk, "Gazette Desk", "moderator")
    assert (row.recommend_count, row.thread_count, row.is_digression, row.edited_at) == (3, 1, True, None)
    assert (row.created_at, row.pick_id, row.parent_name) == (parent.created_at, None, "")
    assert (reply.parent_id, reply.root_id, reply.depth, reply.parent_name) == (parent.pk, parent.pk, 1, "Gazette Desk")


def test_replies_beyond_the_first_are_counted(story, write):
    head = write("head", age=99)
    for number in range(SHOWN_REPLIES + 4):
        write(str(number), head, age=50 - number)
    few = write("few", age=98)
    for number in range(SHOWN_REPLIES):
        write(f"f{number}", few, age=20 - number)

    first, second = read_page(story, "oldest").threads
    assert (names(first.replies), first.more) == (["0", "1", "2"], 4)
    assert (names(second.replies), second.more) == (["f0", "f1", "f2"], 0)


def test_the_first_replies_stand_with_what_they_answer(story, write):
    """The first in time: what they answer came before them."""
    head = write("head", age=99)
    one = write("one", head, age=50)
    write("two", head, age=40)
    write("one-a", one, age=30)
    write("one-b", one, age=20)

    [thread] = read_page(story).threads
    assert names(thread.replies) == ["one", "one-a", "two"]
    assert thread.more == 1


def test_replies_that_wait_are_neither_shown_nor_counted(story, write):
    head = write("head")
    for number, status in enumerate(["held", "pending", "rejected", "published"]):
        write(str(number), head, status)

    [thread] = read_page(story).threads
    assert (names(thread.replies), thread.more) == (["3"], 0)


@pytest.mark.parametrize("status", ["pending", "held", "rejected"])
def test_what_is_not_public_is_not_there(story, write, status):
    write("a")
    write("b", status=status)

    assert shown(story) == ["a"]


def test_comments_of_another_story_are_not_there(story, other_story, write):
    write("a")
    write("elsewhere", story=other_story)

    assert shown(story) == ["a"]
    assert shown(other_story) == ["elsewhere"]


def test_only_some_each_by_itself(story, other_story, write):
    head = write("head", age=9)
    reply = write("reply", head, age=8)
    waits = write("waits", status="held")
    elsewhere = write("elsewhere", story=other_story)

    page = read_page(story, "newest", only=[head.pk, reply.pk, waits.pk, elsewhere.pk])
    assert [(*names([thread.head]), thread.replies, thread.more) for thread in page.threads] == [
        ("reply", (), 0),
        ("head", (), 1),
    ]
    assert read_page(story, "newest", only=[]).threads == ()


# --- what holds a place


@pytest.mark.parametrize("status", ["removed", "deleted"])
def test_a_tombstone_stands_only_above_something(story, write, status):
    gone = write("gone", status=status, age=9)
    write("reply", gone, age=8)
    empty = write("empty", status=status, age=7)
    write("also empty", empty, status="deleted", age=6)
    write("held below", empty, status="held", age=5)

    assert shown(story) == [status, "reply"]


@pytest.mark.parametrize(
    ("status", "told"), [("removed", "removed"), ("deleted", "deleted"), ("held", "hidden"), ("rejected", "hidden")]
)
def test_of_what_is_gone_nothing_is_told(story, write, status, told, moderator):
    gone = write("gone", status=status, recommend_count=3, is_digression=True, edited_at=timezone.now())
    Pick.objects.create(comment=gone, picked_by=moderator, sentence="Well said.")
    write("reply", gone)
    for row in (read_page(story).comments[0], read_conversation(gone).comment):
        assert (row.status, row.body_html, row.author_id, row.author_name, row.author_role) == (told, "", 0, "", "")
        assert (row.recommend_count, row.is_digression, row.pick_id, row.pick_sentence) == (0, False, None, None)
        assert row.edited_at is None
    assert read_page(story).comments[1].parent_name == ""


def test_a_row_of_tombstones_above_a_comment_stays(story, write):
    top = write("top", status="deleted", age=9)
    middle = write("middle", top, status="removed", age=8)
    write("beside", top, status="deleted", age=7)
    write("leaf", middle, age=6)

    assert shown(story) == below_with_top(top) == ["deleted", "removed", "leaf"]


def below_with_top(comment):
    return [*names([read_conversation(comment).comment]), *below(comment)]


def test_a_comment_that_came_back_to_the_desk_holds_its_place(story, write):
    """It may be published again; until then its replies stand where they stood."""
    hidden = write("back at the desk", status="held", age=9)
    reply = write("reply", hidden, age=8)
    write("reply to the reply", reply, age=7)
    write("later", age=1)

    assert shown(story) == ["later", "hidden", "reply", "reply to the reply"]


# --- a conversation


def test_a_conversation_shows_what_is_above_and_below(write):
    top = write("top", age=9)
    middle = write("middle", top, age=8)
    write("beside", top, age=7)
    comment = write("comment", middle, age=6)
    first = write("first", comment, age=5)
    write("second", comment, age=4)
    write("under the first", first, age=3)
    talk = read_conversation(comment)

    assert names(talk.above) == ["top", "middle"]
    assert (talk.hidden_above, talk.more) == (0, 0)
    assert names([talk.comment]) == ["comment"]
    assert [(*names([row]), row.depth) for row in talk.replies] == [("first", 1), ("under the first", 2), ("second", 1)]
    assert [row.parent_name for row in talk.replies] == ["Marjorie Tench"] * 3


def test_only_the_nearest_above_are_shown(chain):
    last = chain(SHOWN_ABOVE + 8).pk + SHOWN_ABOVE + 7
    talk = read_conversation(Comment.objects.get(pk=last))

    assert names(talk.above) == [str(number) for number in range(7, 7 + SHOWN_ABOVE)]
    assert talk.hidden_above == 7


def test_what_is_too_deep_has_a_page_of_its_own(chain, write):
    first = chain(9)
    talk = read_conversation(first)

    assert [(*names([row]), row.depth, row.continues) for row in talk.replies] == [
        ("1", 1, 0),
        ("2", 2, 0),
        ("3", 3, 0),
        ("4", 4, 4),
    ]
    assert below(Comment.objects.get(pk=first.pk + 4)) == ["5", "6", "7", "8"]
    write("waits", Comment.objects.get(pk=first.pk + 8), "held", pk=first.pk + 9)
    assert read_conversation(first).replies[-1].continues == 4


def test_long_conversations_have_pages(write):
    head = write("head", age=500)
    for number in range(PAGE_REPLIES + 5):
        write(str(number), head, age=400 - number)

    assert below(head) == [str(number) for number in range(PAGE_REPLIES)]
    assert below(head, 2) == [str(number) for number in range(PAGE_REPLIES, PAGE_REPLIES + 5)]
    assert below(head, 3) == []
    assert [read_conversation(head, page).more for page in (1, 2, 3)] == [5, 0, 0]


def test_a_thread_of_3000_below_each_other(story, chain, django_assert_num_queries):
    first = chain(3000)
    with django_assert_num_queries(3):
        [thread] = read_page(story).threads
    assert (names(thread.replies), thread.more) == (["1", "2", "3"], 2996)
    with django_assert_num_queries(2):
        talk = read_conversation(first)
    assert [row.continues for row in talk.replies] == [0, 0, 0, 2995]
    assert read_conversation(Comment.objects.get(pk=first.pk + 2999)).hidden_above == 2999 - SHOWN_ABOVE


def test_the_end_of_a_deep_thread_holds_up_its_tombstones(chain):
    first = chain(30)
    Comment.objects.exclude(pk=first.pk + 29).update(status="deleted")

    assert below(first) == ["deleted"] * 4
    assert read_conversation(first).replies[-1].continues == 1
    Comment.objects.update(status="deleted")
    assert below(first) == []


# --- against a model of it


class Row:
    """A comment in the model of a discussion, which walks by recursion."""

    def __init__(self, number, parent, status):
        self.number, self.parent, self.status, self.children = number, parent, status, []


def expected_discussion(rows):
    """What readers should see of each thread, the oldest first."""
    for row in rows:
        if row.parent:
            row.parent.children.append(row)

    def walk(row, depth):
        under = [place for child in row.children for place in walk(child, depth + 1)]
        here = row.number if row.status == "published" else row.status.replace("held", "hidden")
        return [(here, depth), *under] if row.status == "published" or under else []

    return [found for row in rows if row.parent is None and (found := walk(row, 0))]


STATES = st.sampled_from(["published"] * 3 + ["removed", "deleted", "held"])


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), STATES), max_size=19))
def test_any_discussion_is_in_order(story, write, shape):
    Comment.objects.filter(story=story).update(parent=None, root=None)
    Comment.objects.filter(story=story).delete()
    made, model = [], []
    for number, (above, status) in enumerate(shape):
        place = above - 1 if 0 < above <= len(made) else None
        made.append(write(str(number), made[place] if place is not None else None, status, age=100 - number))
        model.append(Row(str(number), model[place] if place is not None else None, status))

    expected = expected_discussion(model)
    heads = read_page(story, "oldest").threads
    talks = [read_conversation(Comment.objects.get(pk=thread.head.id)) for thread in heads]
    assert [[(*names([talk.comment]), 0), *((*names([row]), row.depth) for row in talk.replies)] for talk in talks] == [
        [place for place in thread if place[1] <= 4] for thread in expected
    ]
    for thread, rows in zip(heads, expected, strict=True):
        published = sum(name.isdecimal() for name, depth in rows if depth)
        on_page = sum(row.status == "published" for row in thread.replies)
        assert on_page == min(published, SHOWN_REPLIES)
        assert thread.more == published - on_page


def test_as_many_queries_whatever_is_there(story, write, account, django_assert_num_queries):
    generator = random.Random(7)
    made = []
    for number in range(150):
        parent = generator.choice([None, *made])
        made.append(write(str(number), parent, author=account(f"Reader {number}"), age=200 - number))

    for order in ("newest", "best", "discussed"):
        with django_assert_num_queries(3):
            assert len(read_page(story, order).comments) > 1
    with django_assert_num_queries(2):
        read_conversation(made[0])
