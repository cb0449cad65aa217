"""Counting in the database says the same as settling each story."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from belowline.stories.discussion import discussion_states
from belowline.stories.models import ClosedReason, Mode, Section, Story
from belowline.stories.open_stories import StoryCounts, count_stories

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def settled(site):
    """The counts, story by story."""
    stories = list(Story.objects.filter(site=site))
    states = discussion_states(stories, NOW)
    open_ones = [story for story in stories if states[story.pk].is_open]
    return StoryCounts(
        open=len(open_ones),
        closed=len(stories) - len(open_ones),
        premoderated=sum(states[story.pk].is_premoderated for story in open_ones),
        unjudged_topics=sum(not story.judges_topic for story in open_ones),
    )


@pytest.mark.parametrize("seed", range(6))
def test_the_database_counts_as_settling_does(site, other_site, seed, django_assert_num_queries):
    chance = random.Random(seed)
    names = ["", "news", "sport", "arts"]
    times = [None, NOW, NOW - timedelta(hours=1), NOW + timedelta(hours=1)]
    for where in (site, other_site):
        for name in chance.sample(names, 3):
            Section.objects.create(
                site=where,
                name=name,
                mode=chance.choice(["", *Mode.values]),
                closed_reason=chance.choice(["", *ClosedReason.values]),
                closes_after_hours=chance.choice([None, 0, 1, 24, 2**31 - 1]),
            )
        for number in range(60):
            Story.objects.create(
                site=where,
                key=f"story-{number}",
                section=chance.choice(names),
                is_open=chance.random() < 0.8,
                judges_topic=chance.random() < 0.8,
                mode=chance.choice(["", "", *Mode.values]),
                closes_at=chance.choice(times),
                published_at=NOW - timedelta(hours=chance.choice([0, 1, 23, 24, 25, 10_000])),
            )
    with django_assert_num_queries(2):
        counts = count_stories(site, NOW)
    assert counts == settled(site)
    assert counts.open
    assert counts.closed
    assert count_stories(other_site, NOW) == settled(other_site)


def test_no_stories(site):
    assert count_stories(site, NOW) == StoryCounts(0, 0, 0, 0)
