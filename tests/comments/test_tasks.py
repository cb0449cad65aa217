"""Counts that everybody sees are shown together."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.comments.tasks import SHOWN_EVERY_SECONDS, show_recommendations, show_soon
from belowline.stories.models import Story


def version_of(story):
    return Story.objects.values_list("thread_version", flat=True).get(pk=story.pk)


def test_the_task_makes_pages_anew(story):
    before = version_of(story)

    assert show_recommendations.func(story.pk)
    assert version_of(story) == before + 1


def test_a_story_that_is_gone_is_no_error(db):
    assert not show_recommendations.func(10**15)


@pytest.mark.parametrize("times", [1, 2, 50])
def test_however_many_come_one_page_is_made_now_and_one_later(story, times):
    before = version_of(story)
    for _ in range(times):
        show_soon(story)

    assert version_of(story) == before + 1
    assert DBTaskResult.objects.filter(task_path=show_recommendations.module_path).count() == min(times - 1, 1)


def test_the_later_one_comes_after_everything_that_it_stands_for(story):
    show_soon(story)
    show_soon(story)

    [later] = DBTaskResult.objects.filter(task_path=show_recommendations.module_path)
    assert later.run_after > timezone.now() + timedelta(seconds=SHOWN_EVERY_SECONDS)


def test_when_the_time_is_over_it_begins_anew(story):
    show_soon(story)
    cache.clear()  # as after ten seconds
    before = version_of(story)
    show_soon(story)

    assert version_of(story) == before + 1
