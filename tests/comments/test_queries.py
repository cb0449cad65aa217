"""What a text may repeat: the author's own comments of the last days, and near copies."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.comments.queries import MAX_EARLIER, find_earlier

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
