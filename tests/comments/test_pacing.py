"""How fast one account may post: the seconds that are left, by what it posted, and who is not slowed down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.accounts.models import User
from belowline.comments.errors import SlowDownError
from belowline.comments.models import Comment
from belowline.comments.pacing import check_pace, seconds_left
from belowline.stories.models import Story


@pytest.fixture(autouse=True)
def paced(settings):
    settings.SLOW_SECONDS, settings.POSTS_PER_10_MINUTES = 10, 3


@pytest.fixture
def wrote(post, reader):
    """Let the reader have written a comment so many seconds ago."""

    def call(seconds, **more):
        comment = post(f"A remark on the bridge, {seconds} seconds old.", **more).comment
        Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - timedelta(seconds=seconds))
        return comment

    return call


@pytest.mark.parametrize(
    ("ages", "least", "most"),
    [
        ([], 0, 0),
        ([0.5], 9, 10),
        ([4], 5, 6),
        ([10], 0, 0),
        ([100, 4], 5, 6),
        ([100, 200, 300], 299, 300),
        ([100, 200, 599], 0, 1),
        ([100, 200, 601], 0, 0),
        ([1, 100, 590], 9, 10),
        ([20, 30, 40, 50], 559, 560),
    ],
    ids=str,
)
def test_the_seconds_that_are_left(wrote, story, ages, least, most):
    comments = [wrote(age) for age in ages]

    author = comments[0].author if comments else User(pk=0)
    assert least <= seconds_left(story, author, timezone.now()) <= most


def test_another_story_waits_only_for_the_ten_minutes(wrote, other_story, reader):
    wrote(1)
    assert seconds_left(other_story, reader, timezone.now()) == 0

    wrote(2)
    wrote(3)
    assert seconds_left(other_story, reader, timezone.now()) > 590


def test_another_reader_does_not_wait(wrote, story, other_reader):
    wrote(1)

    check_pace(story=story, author=other_reader)


def test_a_slow_mode_asks_for_more_and_never_for_less(wrote, story, reader):
    wrote(30)
    for slow, least, most in ((60, 29, 30), (5, 0, 0), (0, 0, 0)):
        Story.objects.filter(pk=story.pk).update(slow_seconds=slow)
        assert least <= seconds_left(Story.objects.get(pk=story.pk), reader, timezone.now()) <= most


@pytest.mark.parametrize("status", ["held", "rejected", "deleted"])
def test_what_became_of_the_last_one_does_not_matter(wrote, story, reader, status):
    wrote(1)
    Comment.objects.update(status=status)

    with pytest.raises(SlowDownError) as refused:
        check_pace(story=story, author=reader)
    assert refused.value.code == "slow_down"
    assert 1 <= refused.value.seconds <= 10
    assert f"{refused.value.seconds} second" in refused.value.message


def test_a_clock_that_was_wrong_locks_nobody_out(wrote, story, reader):
    wrote(-3_600)

    assert seconds_left(story, reader, timezone.now()) == 0


@pytest.mark.parametrize("who", ["moderator", "admin"])
def test_those_who_moderate_are_not_slowed_down(wrote, story, request, who):
    author = request.getfixturevalue(who)
    for _ in range(4):
        wrote(1, author=author)

    check_pace(story=story, author=author)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "in 1 second."), (120, "in 120 seconds."), (121, "in 3 minutes."), (3_594, "in 60 minutes.")],
)
def test_a_long_wait_is_said_in_minutes(seconds, said):
    assert said in SlowDownError(seconds).message
