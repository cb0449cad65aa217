"""Reading comments: the order of threads, tombstones, any depth, few queries; and what a text may repeat."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.comments.models import Comment
from belowline.comments.queries import MAX_EARLIER, find_earlier, thread_comments

BANDS = dict.fromkeys(("band_0", "band_1", "band_2", "band_3"), 0)


@pytest.fixture
def write(story, reader):
    """Put a comment straight into the table: a name for its text, its parent, its status, its age in minutes."""

    def call(name, parent=None, status="published", *, age=0, author=reader, story=story):
        return Comment.objects.create(
            story=story,
            author=author,
            parent=parent,
            root=(parent.root or parent) if parent else None,
            depth=min(parent.depth + 1, 4) if parent else 0,
            status=status,
            text_source=name,
            body_html=f"<p>{name}</p>",
            idempotency_key=f"{name}-{Comment.objects.count()}",
            text_key=name,
            created_at=timezone.now() - timedelta(minutes=age),
            **BANDS,
        )

    return call


def names(rows):
    return [row.body_html.removeprefix("<p>").removesuffix("</p>") for row in rows]


def test_no_comments(story, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert thread_comments(story) == []


def test_threads_newest_first_replies_oldest_first(story, write):
    a = write("a", age=60)
    b = write("b", age=50)
    write("b1", b, age=40)
    a1 = write("a1", a, age=30)
    write("b2", b, age=20)
    write("a1x", a1, age=10)
    write("a2", a, age=5)

    assert names(thread_comments(story)) == ["b", "b1", "b2", "a", "a1", "a1x", "a2"]
    assert names(thread_comments(story, "oldest")) == ["a", "a1", "a1x", "a2", "b", "b1", "b2"]


def test_at_the_same_time_the_first_row_goes_first(story, write):
    moment = timezone.now()
    for name in "abc":
        write(name)
    Comment.objects.update(created_at=moment)

    assert names(thread_comments(story, "oldest")) == ["a", "b", "c"]
    assert names(thread_comments(story)) == ["c", "b", "a"]


def test_what_a_row_holds(story, write, moderator):
    parent = write("a", author=moderator)
    row = thread_comments(story)[0]

    assert (row.id, row.parent_id, row.depth, row.status) == (parent.pk, None, 0, "published")
    assert (row.author_id, row.author_name, row.author_role) == (moderator.pk, "Gazette Desk", "moderator")
    assert row.created_at == parent.created_at


@pytest.mark.parametrize("status", ["pending", "held", "rejected"])
def test_what_is_not_public_is_not_there(story, write, status):
    write("a")
    write("b", status=status)

    assert names(thread_comments(story)) == ["a"]


def test_comments_of_another_story_are_not_there(story, other_story, write):
    write("a")
    write("elsewhere", story=other_story)

    assert names(thread_comments(story)) == ["a"]
    assert names(thread_comments(other_story)) == ["elsewhere"]


@pytest.mark.parametrize("status", ["removed", "deleted"])
def test_a_tombstone_stands_only_above_something(story, write, status):
    gone = write("gone", status=status, age=9)
    write("reply", gone, age=8)
    empty = write("empty", status=status, age=7)
    write("also empty", empty, status="deleted", age=6)
    write("held below", empty, status="held", age=5)

    assert names(thread_comments(story)) == ["gone", "reply"]


def test_a_row_of_tombstones_above_a_comment_stays(story, write):
    top = write("top", status="deleted", age=9)
    middle = write("middle", top, status="removed", age=8)
    write("beside", top, status="deleted", age=7)
    write("leaf", middle, age=6)

    assert names(thread_comments(story)) == ["top", "middle", "leaf"]


def test_replies_to_what_is_hidden_again_begin_threads_of_their_own(story, write):
    """A published comment may come back to the desk after readers have answered it."""
    hidden = write("hidden", status="held", age=9)
    reply = write("reply", hidden, age=8)
    write("reply to the reply", reply, age=7)
    write("later", age=1)

    assert names(thread_comments(story)) == ["later", "reply", "reply to the reply"]


def chain(story, reader, length):
    """A thread in which each comment answers the one before."""
    now = timezone.now()
    first = None
    for number in range(length):
        comment = Comment(
            story=story,
            author=reader,
            parent=first and Comment(pk=first.pk + number - 1),
            root=first,
            depth=min(number, 4),
            status="published",
            text_source=str(number),
            body_html=f"<p>{number}</p>",
            idempotency_key=f"chain-{number}",
            text_key=str(number),
            created_at=now + timedelta(seconds=number),
            **BANDS,
        )
        if first is None:
            comment.save()
            first = comment
            rows = []
        else:
            comment.pk = first.pk + number
            rows.append(comment)
    Comment.objects.bulk_create(rows)


def test_a_thread_of_3000_replies_below_each_other(story, reader, django_assert_num_queries):
    chain(story, reader, 3000)

    with django_assert_num_queries(1):
        rows = thread_comments(story)
    assert names(rows) == [str(number) for number in range(3000)]
    assert max(row.depth for row in rows) == 4


def test_the_end_of_a_deep_thread_holds_up_all_its_tombstones(story, reader):
    chain(story, reader, 3000)
    last = Comment.objects.order_by("-created_at").first()
    Comment.objects.exclude(pk=last.pk).update(status="deleted")

    assert len(thread_comments(story)) == 3000
    Comment.objects.update(status="deleted")
    assert thread_comments(story) == []


class Row:
    """A comment in the model of a thread: the same order, written by recursion."""

    def __init__(self, number, parent, status):
        self.number, self.parent, self.status, self.children = number, parent, status, []


def expected_order(rows):
    """What readers should see, the oldest thread first."""
    shown = [row for row in rows if row.status in {"published", "removed", "deleted"}]
    roots = []
    for row in shown:
        if row.parent in shown:
            row.parent.children.append(row)
        else:
            roots.append(row)

    def walk(row):
        below = [number for child in row.children for number in walk(child)]
        return [row.number, *below] if row.status == "published" or below else []

    return [number for root in roots for number in walk(root)]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from(["published"] * 3 + ["removed", "deleted", "held"])), max_size=25
    )
)
def test_any_thread_is_in_order(story, write, shape):
    Comment.objects.filter(story=story).update(parent=None, root=None)
    Comment.objects.filter(story=story).delete()
    made, model = [], []
    for number, (above, status) in enumerate(shape):
        place = above - 1 if 0 < above <= len(made) else None
        made.append(write(str(number), made[place] if place is not None else None, status, age=100 - number))
        model.append(Row(str(number), model[place] if place is not None else None, status))

    expected = expected_order(model)
    assert names(thread_comments(story, "oldest")) == expected
    assert sorted(names(thread_comments(story))) == sorted(expected)


def test_a_hundred_comments_by_a_hundred_readers_are_one_query(story, write, account, django_assert_num_queries):
    generator = random.Random(7)
    made = []
    for number in range(100):
        parent = generator.choice([None, *made])
        made.append(write(str(number), parent, author=account(f"Reader {number}"), age=200 - number))

    with django_assert_num_queries(1):
        assert len(thread_comments(story)) == 100


# --- what a text may repeat

LONG = (
    "The harbour bridge should have been closed for repairs many years ago. My father worked on the first cables, "
    "and he said in 1987 that salt water gets into everything it touches. Nobody in the town hall listened then, "
    "and nobody listens now that the ferries cost twice as much as they did."
)


def found(author, story, text=LONG):
    return [(entry.relation, entry.text) for entry in find_earlier(author=author, story=story, text_source=text)]


def test_nothing_was_written_before(reader, story, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert found(reader, story) == []


def test_the_authors_own_comments_the_newest_first(post, reader, story, other_story):
    post("One remark.")
    post("Another remark.", story=other_story)

    assert found(reader, story) == [("same_author", "Another remark."), ("same_author", "One remark.")]


def test_near_copies_by_others_here_and_elsewhere(post, reader, other_reader, story, other_story):
    post(LONG + " Shame!", author=other_reader)
    post(LONG.upper(), author=other_reader, story=other_story)
    post("Something else altogether, about a goose.", author=other_reader)

    assert found(reader, story) == [("elsewhere", LONG.upper()), ("same_thread", LONG + " Shame!")]


@pytest.mark.parametrize(("days", "counts"), [(6, True), (8, False)])
def test_only_the_last_seven_days_count(post, reader, story, days, counts):
    post("One remark.")
    Comment.objects.update(created_at=timezone.now() - timedelta(days=days))

    assert bool(found(reader, story)) is counts


@pytest.mark.parametrize(
    ("status", "counts"), [("held", True), ("rejected", True), ("published", True), ("deleted", False)]
)
def test_what_the_author_took_away_does_not_count(post, reader, story, status, counts):
    post("One remark.")
    Comment.objects.update(status=status)

    assert bool(found(reader, story)) is counts


def test_there_is_an_end_to_looking_back(write, reader, other_reader, story):
    for number in range(MAX_EARLIER + 5):
        write(f"own {number}")
        write(f"other {number}", author=other_reader)
    Comment.objects.filter(author=other_reader).update(band_2=-1)

    assert len(found(reader, story)) == MAX_EARLIER


def test_a_comment_that_is_there_repeats_neither_itself_nor_what_came_later(write, reader, story):
    first, second = write("One remark about it."), write("One remark about it.")
    write("One remark about it.")

    def told(before):
        return len(find_earlier(author=reader, story=story, text_source="One remark about it.", before=before))

    assert [told(first), told(second), told(None)] == [0, 1, 3]
