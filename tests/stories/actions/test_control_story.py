"""An editor controls a discussion: rows, event, permission, cache."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.stories.actions.control_story import control_story
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Story

ALL = {
    "mode": "closed",
    "closed_reason": "legal",
    "closes_at": datetime(2027, 1, 1, tzinfo=UTC),
    "slow_seconds": 30,
    "takes_replies": False,
    "message": "We are in court about this.",
    "author_emails": ["ann@paper.example"],
}


def events():
    return list(Event.objects.filter(tag="story:controlled").order_by("id").values_list("data", "actor_id"))


def test_everything_in_one_call(story, moderator):
    version = story.thread_version
    assert control_story(story=story, controls=ALL, by=moderator) == sorted(ALL)
    fresh = Story.objects.get(pk=story.pk)
    assert {name: getattr(fresh, name) for name in ALL} == ALL
    assert {name: getattr(story, name) for name in ALL} == ALL
    assert fresh.thread_version == version + 1
    assert events() == [({"changed": sorted(ALL)}, moderator.pk)]
    assert Event.objects.get(tag="story:controlled").subject_id == story.pk


def test_what_is_not_named_stays_and_only_what_changed_is_told(story, moderator):
    control_story(story=story, controls=ALL, by=moderator)
    assert control_story(story=story, controls={"mode": "closed", "message": ""}, by=moderator) == ["message"]
    fresh = Story.objects.get(pk=story.pk)
    assert (fresh.mode, fresh.message, fresh.slow_seconds) == ("closed", "", 30)
    assert events()[1] == ({"changed": ["message"]}, moderator.pk)


def test_nothing_new_is_no_event_and_no_new_page(story, moderator):
    assert control_story(story=story, controls={"mode": "", "takes_replies": True}, by=moderator) == []
    assert events() == []
    assert Story.objects.get(pk=story.pk).thread_version == story.thread_version


def test_what_another_editor_changed_meanwhile_is_not_taken_back(story, moderator, other_moderator):
    stale = Story.objects.get(pk=story.pk)
    control_story(story=story, controls={"mode": "closed"}, by=moderator)
    control_story(story=stale, controls={"slow_seconds": 10}, by=other_moderator)
    fresh = Story.objects.get(pk=story.pk)
    assert (fresh.mode, fresh.slow_seconds) == ("closed", 10)


def test_readers_cannot(story, reader):
    with pytest.raises(PermissionDenied):
        control_story(story=story, controls={"mode": "closed"}, by=reader)
    assert Story.objects.get(pk=story.pk).mode == ""
    assert events() == []


def test_a_wrong_value_changes_nothing(story, moderator):
    with pytest.raises(StoryInputError):
        control_story(story=story, controls={"mode": "closed", "slow_seconds": -1}, by=moderator)
    assert Story.objects.get(pk=story.pk).mode == ""


def test_administrators_can(story, admin):
    assert control_story(story=story, controls={"mode": "premoderated"}, by=admin) == ["mode"]
