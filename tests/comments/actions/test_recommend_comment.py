"""A reader recommends a comment: once, not their own, and everybody sees the number soon."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django_tasks_db.models import DBTaskResult

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.actions.recommend_comment import recommend_comment, why_not
from belowline.comments.errors import RecommendingError
from belowline.comments.models import Comment, Recommendation
from belowline.stories.models import Story


def count_of(comment):
    return Comment.objects.values_list("recommend_count", flat=True).get(pk=comment.pk)


def version_of(story):
    return Story.objects.values_list("thread_version", flat=True).get(pk=story.pk)


def test_the_count_is_kept_beside_the_rows(published, other_reader, moderator):
    assert recommend_comment(comment=published, by=other_reader) == 1
    assert recommend_comment(comment=published, by=moderator) == 2

    assert count_of(published) == Recommendation.objects.filter(comment=published).count() == 2


def test_twice_is_once(published, other_reader, story):
    recommend_comment(comment=published, by=other_reader)
    version = version_of(story)

    assert recommend_comment(comment=published, by=other_reader) == 1
    assert (count_of(published), version_of(story)) == (1, version)


@pytest.mark.parametrize("status", ["pending", "held", "rejected", "removed", "deleted"])
def test_only_what_is_published(published, other_reader, status):
    Comment.objects.filter(pk=published.pk).update(status=status)

    with pytest.raises(RecommendingError, match="not published any more") as refused:
        recommend_comment(comment=published, by=other_reader)
    assert refused.value.code == "cannot_recommend"
    assert count_of(published) == Recommendation.objects.count() == 0


def test_nobody_recommends_themselves(published, reader):
    with pytest.raises(RecommendingError, match="your own comment"):
        recommend_comment(comment=published, by=reader)
    assert count_of(published) == 0


def test_a_closed_account_recommends_nothing(published, other_reader):
    other_reader.is_active = False

    assert why_not(published, other_reader) == "This account is closed."
    with pytest.raises(RecommendingError):
        recommend_comment(comment=published, by=other_reader)


def test_the_first_one_is_seen_at_once_and_the_next_together(published, other_reader, moderator, admin, story):
    version = version_of(story)
    for by in (other_reader, moderator, admin):
        recommend_comment(comment=published, by=by)

    assert version_of(story) == version + 1, "the second and third make no page anew by themselves"
    [later] = DBTaskResult.objects.filter(task_path="belowline.comments.tasks.show_recommendations")
    assert later.args_kwargs["args"] == [story.pk]
    assert later.run_after > later.enqueued_at


def test_another_story_is_seen_at_once_too(post, other_reader, other_story, published):
    elsewhere = post("A goose is a bird.", story=other_story).comment
    recommend_comment(comment=published, by=other_reader)
    version = version_of(other_story)
    recommend_comment(comment=elsewhere, by=other_reader)

    assert version_of(other_story) == version + 1


def test_a_tombstone_keeps_its_rows_and_is_recommended_no_more(published, other_reader, reader):
    recommend_comment(comment=published, by=other_reader)
    delete_comment(comment=published, by=reader)

    assert Recommendation.objects.count() == 1
    assert why_not(Comment.objects.get(), other_reader)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_exactly(published, account):
    people = [account(f"Reader {number}") for number in range(6)] * 2
    cache.clear()

    def one(person):
        try:
            return recommend_comment(comment=published, by=person)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(one, people))

    assert count_of(published) == Recommendation.objects.count() == 6
    assert max(counts) == 6
