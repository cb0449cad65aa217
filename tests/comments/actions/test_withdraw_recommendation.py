"""A recommendation is taken back, whatever has become of the comment."""

import pytest

from belowline.comments.actions.recommend_comment import recommend_comment
from belowline.comments.actions.withdraw_recommendation import withdraw_recommendation
from belowline.comments.models import Comment, Recommendation


def count_of(comment):
    return Comment.objects.values_list("recommend_count", flat=True).get(pk=comment.pk)


def test_it_goes_and_may_come_again(published, other_reader, moderator):
    recommend_comment(comment=published, by=moderator)
    recommend_comment(comment=published, by=other_reader)

    assert withdraw_recommendation(comment=published, by=other_reader) == 1
    assert [row.user for row in Recommendation.objects.all()] == [moderator]
    assert count_of(published) == 1

    assert recommend_comment(comment=published, by=other_reader) == 2


def test_where_there_is_none_nothing_changes(published, other_reader, moderator):
    recommend_comment(comment=published, by=moderator)

    assert withdraw_recommendation(comment=published, by=other_reader) == 1
    assert count_of(published) == 1


@pytest.mark.parametrize("status", ["removed", "deleted", "held"])
def test_also_of_a_comment_that_is_gone(published, other_reader, status):
    recommend_comment(comment=published, by=other_reader)
    Comment.objects.filter(pk=published.pk).update(status=status)

    assert withdraw_recommendation(comment=published, by=other_reader) == 0
    assert (count_of(published), Recommendation.objects.count()) == (0, 0)
