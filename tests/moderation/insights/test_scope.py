"""Of which site, and of which days."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.insights.scope import PERIODS, Scope
from belowline.stories.models import Site

NOON = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)
"""A Wednesday."""


def over(days, now=NOON):
    return Scope(Site(key="gazette"), days, now)


@pytest.mark.parametrize(
    ("days", "since", "step", "points"),
    [
        pytest.param(7, date(2026, 11, 12), 1, 7, id="a week, day by day"),
        pytest.param(30, date(2026, 10, 20), 1, 30, id="a month, day by day"),
        pytest.param(90, date(2026, 8, 21), 7, 13, id="three months, week by week"),
    ],
)
def test_a_period_has_its_points_in_time(days, since, step, points):
    scope = over(days)

    assert scope.since == datetime.combine(since, datetime.min.time(), tzinfo=UTC)
    assert scope.step == step
    found = list(scope.bins())
    assert len(found) == points
    assert found[0] == since
    assert found[-1] <= NOON.date()
    assert {(later - first).days for first, later in pairwise(found)} == {step}


@pytest.mark.parametrize("days", PERIODS)
def test_every_day_belongs_to_one_of_the_points(days):
    scope = over(days)
    every = [date.fromordinal(scope.since.date().toordinal() + number) for number in range(days)]

    assert list(dict.fromkeys(map(scope.bin_of, every))) == list(scope.bins())
    assert all(scope.bin_of(day) <= day for day in every)


def test_days_begin_at_midnight_of_the_newsroom(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    late = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)  # the 19th, one o'clock in the morning, there

    assert over(7, late).since == datetime(2026, 11, 12, 15, 0, tzinfo=UTC)
    assert list(over(7, late).bins())[-1] == date(2026, 11, 19)


def test_only_the_site_and_the_days_count(site, other_site, scope, write_comment, write_decision, ago):  # noqa: PLR0917
    inside, before = write_comment(site, at=ago(3)), write_comment(site, at=ago(40))
    elsewhere = write_comment(other_site, at=ago(3))
    for comment in (inside, before, elsewhere):
        write_decision(comment, "publish")
    write_decision(inside, "publish", "engine")
    here = [inside.story_id]

    assert list(scope().comments(here)) == [inside]
    assert [decision.comment for decision in scope().decisions()] == [inside]
    assert set(scope(90).comments(here)) == {inside, before}


def test_a_section_alone(site, make_story, written):
    news, sport = make_story(site), make_story(site, "cup", section="sport")
    for story in (news, news, sport):
        written(story=story)
    scope = Scope(site, 7, timezone.now(), "sport")

    assert scope.sums.by_story == {sport.pk: 1}
    assert scope.keep(Comment.objects.all(), "story").get().story == sport
    assert Scope(site, 7, timezone.now(), "weather").sums.by_story == {}
