"""The picture of a story's subjects: the less one shares with the article, the farther it is; nothing overlaps."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.desk.story_map import CENTRE_X, CENTRE_Y, HEIGHT, LARGEST, SMALLEST, WIDTH, draw_map
from belowline.moderation.subjects import MappedComment, StoryMap, StorySubject


def subject(count=5, off_topic=0.0, x=0.5, y=0.5, words=("ferry", "boat")):
    comment = MappedComment(1, "text", "published", None, "Ken")
    return StorySubject(words, (comment,) * count, 0, off_topic, x, y)


def drawn(*subjects):
    return draw_map(StoryMap(subjects, ())).bubbles


def away(bubble):
    return math.hypot(bubble.x - CENTRE_X, bubble.y - CENTRE_Y)


def test_nothing_to_draw():
    assert drawn() == ()


@pytest.mark.parametrize(("near", "far"), [(0.0, 0.3), (0.3, 0.9), (None, 0.1)])
def test_the_less_it_shares_the_farther_away(near, far):
    one, other = drawn(subject(off_topic=near), subject(off_topic=far))

    assert away(one) < away(other)


def test_the_line_parts_near_from_far():
    picture = draw_map(StoryMap((subject(off_topic=0.49), subject(off_topic=0.51)), ()))

    assert away(picture.bubbles[0]) < picture.far < away(picture.bubbles[1])
    assert [one.subject.is_far for one in picture.bubbles] == [False, True]


def test_the_more_comments_the_larger():
    few, some, many = drawn(subject(3), subject(30), subject(300))

    assert SMALLEST <= few.r < some.r < many.r == LARGEST


def test_they_are_numbered_as_in_the_list():
    found = drawn(subject(9, x=-1), subject(5, x=1), subject(3, y=-1))

    assert [(one.number, len(one.subject.comments)) for one in found] == [(1, 9), (2, 5), (3, 3)]


def test_a_long_name_is_shortened_in_the_picture():
    (one,) = drawn(subject(words=("extraordinarily", "constitutional", "moratorium")))

    assert one.label == "extraordinarily, constitutional"
    assert one.subject.name == "extraordinarily, constitutional, moratorium"


subjects = st.builds(
    subject,
    count=st.integers(3, 500),
    off_topic=st.none() | st.floats(0, 1),
    x=st.floats(-1, 1),
    y=st.floats(-1, 1),
)


@given(st.lists(subjects, min_size=1, max_size=9))
def test_every_bubble_lies_in_the_picture_and_on_no_other(given_subjects):
    found = drawn(*given_subjects)

    assert [one.number for one in found] == list(range(1, len(given_subjects) + 1))
    for one in found:
        assert one.r <= one.x <= WIDTH - one.r
        assert one.r <= one.y <= HEIGHT - one.r
        assert away(one) > one.r + 46, "it lies on the article"
        assert one.anchor in {"start", "middle", "end"}
        for other in found[: one.number - 1]:
            assert math.hypot(one.x - other.x, one.y - other.y) > one.r + other.r
