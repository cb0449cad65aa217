"""The worker judges a story anew; sites learn at night: planned once, where the policy looks, when enough is new."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tiny_lessons import decide_many, keep_head

from belowline.comments.models import StorySubjects
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


# --- what is under discussion


@pytest.fixture
def count(story):
    """Let the story have so many comments, looked at when there were so many."""

    def call(now, counted=None, planned_at=None):
        Story.objects.filter(pk=story.pk).update(comment_count=now)
        StorySubjects.objects.filter(story=story).delete()
        if counted is not None:
            StorySubjects.objects.create(story=story, counted=counted, planned_at=planned_at)
        return tasks.plan_subjects(story.pk)

    return call


@pytest.mark.parametrize(
    ("now", "counted", "planned"),
    [(15, None, False), (16, None, True), (19, 16, False), (21, 16, True), (1_100, 1_000, False), (1_200, 1_000, True)],
)
def test_looked_at_after_many_more(count, now, counted, planned):
    assert count(now, counted) is planned
    assert DBTaskResult.objects.filter(task_path__endswith=".keep_subjects").count() == planned


def test_and_after_many_fewer(count):
    assert count(10, 16)


@pytest.mark.parametrize(("minutes", "planned"), [(59, False), (61, True)])
def test_planned_once_unless_it_was_forgotten(count, minutes, planned):
    assert count(40, 0, timezone.now() - timedelta(minutes=minutes)) is planned


def test_it_waits_for_more_comments(count, story):
    before = timezone.now()
    count(40)

    task = DBTaskResult.objects.get(task_path__endswith=".keep_subjects")
    assert task.run_after >= before + tasks.GATHERING
    assert StorySubjects.objects.get(story=story).planned_at >= before


def test_publishing_plans_it(story, post, monkeypatch):
    monkeypatch.setattr(tasks, "LEAST_COMMENTS", 2)
    monkeypatch.setattr(tasks, "LEAST_CHANGE", 2)
    post("One.")
    assert not StorySubjects.objects.exists()
    post("Another one.")
    assert StorySubjects.objects.get(story=story).planned_at


def test_the_worker_keeps_them(story, published):
    assert tasks.keep_subjects.call(story.pk) == 0
    assert StorySubjects.objects.get(story=story).counted == 1
