"""Counts of many stories, in one query."""

import pytest

from belowline.stories.counts import comment_counts


@pytest.fixture
def stories(site, make_story, other_site):
    """A hundred stories of a paper, and one of another with the same key."""
    for number in range(100):
        make_story(site, f"story-{number}")
    return make_story(other_site, "story-0")


def test_a_hundred_stories_are_one_query(stories, post, story, django_assert_num_queries):
    post(story=story)
    keys = [f"story-{number}" for number in range(100)] + ["bridge", "unknown"]
    with django_assert_num_queries(1):
        counts = comment_counts("gazette", keys)

    assert list(counts) == keys
    assert counts["bridge"] == 1
    assert sum(counts.values()) == 1


def test_what_is_held_or_elsewhere_does_not_count(site, other_site, make_story, post, story, held):  # noqa: PLR0917 - fixtures
    other = make_story(other_site, "bridge")
    post(story=other)

    assert comment_counts("gazette", ["bridge"]) == {"bridge": 0}


@pytest.mark.django_db
def test_no_such_site():
    assert comment_counts("nobody", ["bridge", "bridge"]) == {"bridge": 0}
    assert comment_counts("nobody", []) == {}
