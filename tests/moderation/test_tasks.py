"""The worker judges a story anew; sites learn at night: planned once, where the policy looks, when enough is new."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tiny_lessons import decide_many, keep_head

from belowline.moderation import tasks
from belowline.moderation.actions.activate_head import activate_head
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.deactivate_head import deactivate_head
from belowline.moderation.models import HeadVersion
from belowline.stories.models import Story

RULE = """
[rules.house]
title = "House"
score = "newsroom_refusal"
hold = 0.5
unchecked = "ignore"
for_readers = "r"
for_moderators = "m"
explanation = "“{excerpt}”"
"""


@pytest.fixture
def looking(site, policy_text):
    """A site whose policy looks at the score."""
    activate_policy(site=site, text=policy_text() + RULE)
    return site


@pytest.fixture
def many(story, reader, moderator):
    """Let a moderator decide many comments."""
    return lambda count: decide_many(story, reader, moderator, count)


def test_rejudging_says_how_many_decisions_that_gave(off_topic, telephones):
    Story.objects.filter(pk=off_topic.story_id).update(**telephones)

    assert tasks.rejudge_story.call(off_topic.story_id) == 1
    assert tasks.rejudge_story.call(off_topic.story_id) == 0


class TestPlanning:
    NIGHTS = {
        "in the evening": (datetime(2026, 3, 1, 20, 0, tzinfo=UTC), datetime(2026, 3, 2, 3, 30, tzinfo=UTC)),
        "after midnight": (datetime(2026, 3, 1, 1, 0, tzinfo=UTC), datetime(2026, 3, 1, 3, 30, tzinfo=UTC)),
        "at the very time": (datetime(2026, 3, 1, 3, 30, tzinfo=UTC), datetime(2026, 3, 2, 3, 30, tzinfo=UTC)),
    }

    @pytest.mark.parametrize(("now", "expected"), NIGHTS.values(), ids=NIGHTS)
    def test_the_next_night(self, now, expected):
        assert tasks.next_night(now) == expected

    def test_the_clock_of_the_server_counts(self):
        with timezone.override(ZoneInfo("Asia/Tokyo")):
            found = tasks.next_night(datetime(2026, 3, 1, 17, 0, tzinfo=UTC))
        assert found == datetime(2026, 3, 1, 18, 30, tzinfo=UTC)

    def test_however_many_workers_ask_it_is_planned_once(self, db):
        assert tasks.plan_learning() is True
        assert tasks.plan_learning() is False
        (planned,) = DBTaskResult.objects.all()
        assert planned.run_after == tasks.next_night(timezone.now())
        assert planned.task_path == "belowline.moderation.tasks.learn_nightly"

    def test_a_night_plans_the_next_one(self, db):
        assert tasks.learn_nightly.call() == 0
        assert DBTaskResult.objects.filter(status="READY").count() == 1


class TestDue:
    def test_a_site_whose_policy_does_not_look_never_is(self, site, story, reader, moderator):
        decide_many(story, reader, moderator, 500)
        assert not tasks.is_due(site)

    @pytest.mark.parametrize(("count", "due"), [(499, False), (500, True)])
    def test_the_first_time_it_takes_five_hundred(self, looking, many, count, due):
        many(count)
        assert tasks.is_due(looking) is due

    @pytest.mark.parametrize(
        ("had", "new", "due"),
        [(500, 99, False), (500, 100, True), (3_000, 299, False), (3_000, 300, True)],
    )
    def test_later_a_tenth_more_and_a_hundred_at_least(self, looking, many, had, new, due):
        row = keep_head(looking, decisions=had)
        HeadVersion.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=30))
        many(new)
        assert tasks.is_due(looking) is due

    def test_what_was_switched_off_stays_off_until_somebody_activates_it(self, looking, many):
        many(500)
        row = keep_head(looking)
        HeadVersion.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=30))
        activate_head(head=row)
        assert tasks.is_due(looking)
        deactivate_head(site=looking)
        assert not tasks.is_due(looking)
        activate_head(head=row)
        assert tasks.is_due(looking)

    def test_what_was_not_accepted_counts_too(self, looking, story, reader, moderator):
        decide_many(story, reader, moderator, 500)
        keep_head(looking, status="no_gain")
        assert not tasks.is_due(looking)


def test_a_failure_is_logged_without_words_and_the_next_site_goes_on(
    looking, other_site, policy_text, monkeypatch, caplog
):
    activate_policy(site=other_site, text=policy_text() + RULE)
    asked = []

    def broken(site):
        asked.append(site)
        raise RuntimeError("a comment's text")

    monkeypatch.setattr(tasks, "is_due", broken)
    assert tasks.learn_nightly.call() == 0
    assert asked == [looking, other_site]
    assert "RuntimeError" in caplog.text
    assert "a comment's text" not in caplog.text


@pytest.mark.slow
def test_a_night(looking, other_site, story, reader, moderator):
    decide_many(story, reader, moderator, 520)

    assert tasks.learn_nightly.call() == 1
    assert HeadVersion.objects.get().site == looking
    assert HeadVersion.objects.get().is_active
    assert tasks.learn_nightly.call() == 0
