"""What feeds, search engines and other sites may know of comments."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.comments.public import last_change, public_comment, public_comments


@pytest.fixture
def talk(post, other_reader, reader):
    """A comment with two replies, one of them answered."""
    first = post().comment
    answer = post("The tolls of the harbour bridge are fair.", parent=first, author=other_reader).comment
    post("The council says that the bridge needs new cables.", parent=first, author=other_reader)
    post("Fair tolls for the bridge, and soon please.", parent=answer, author=reader)
    return first, answer


def test_the_newest_first_in_one_query(story, talk, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = public_comments(story, 10)

    assert len(rows) == 4
    assert [row.id for row in rows] == sorted((row.id for row in rows), reverse=True)
    assert [row.id for row in public_comments(story, 2)] == [row.id for row in rows[:2]]


def test_what_is_told_of_a_comment(story, talk, reader):
    first, answer = talk
    row = public_comment(first.pk)

    assert (row.author_name, row.author_role, row.text_source) == (reader.display_name, "reader", first.text_source)
    assert (row.reply_count, row.parent_id, row.answers, row.recommend_count) == (2, None, None, 0)
    assert row.replied_at > row.created_at
    assert public_comment(answer.pk).answers == first.pk
    assert public_comment(answer.pk).reply_count == 1


@pytest.mark.parametrize("status", [status for status in Comment.Status if status != "published"])
def test_only_what_is_published(story, talk, status):
    first, answer = talk
    Comment.objects.filter(pk=first.pk).update(status=status)

    assert first.pk not in [row.id for row in public_comments(story, 10)]
    assert public_comment(first.pk) is None
    assert public_comment(answer.pk).parent_id == first.pk
    assert public_comment(answer.pk).answers is None


def test_replies_that_nobody_sees_do_not_count(talk):
    first, answer = talk
    Comment.objects.filter(pk=answer.pk).update(status="held")

    assert public_comment(first.pk).reply_count == 1


def test_no_comment(db):
    assert public_comment(7) is None


def test_the_last_change(story, talk, post, removed):
    later = timezone.now() + timedelta(hours=1)
    assert last_change(story) == Comment.objects.latest("changed_at").changed_at

    Comment.objects.filter(pk=removed.pk).update(changed_at=later)
    assert last_change(story) == later
    Comment.objects.filter(pk=removed.pk).update(status="held")
    assert last_change(story) < later


def test_a_story_without_comments_changed_when_it_came(story, held):
    assert last_change(story) == story.created_at


def test_staff_of_the_site_are_staff_and_those_of_others_readers(story, other_site, written, local, moderator):
    here, sport = local(story.site), local(story.site, "editor", "sport", name="Sport Desk")
    elsewhere = local(other_site, name="Courier Desk")
    for author in (here, sport, elsewhere, moderator):
        written(author=author)

    roles = {row.author_name: row.author_role for row in public_comments(story, 10)}
    assert roles == {
        here.display_name: "moderator",
        sport.display_name: "editor",
        elsewhere.display_name: "reader",
        moderator.display_name: "moderator",
    }
