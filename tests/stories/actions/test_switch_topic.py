"""An editor says whether comments under a story are judged for their topic."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.stories.actions.switch_topic import switch_topic
from belowline.stories.models import Story


def switched():
    return list(Event.objects.filter(tag="story:topic_switched").order_by("id").values_list("data", flat=True))


@pytest.mark.parametrize("is_on", [False, True])
def test_it_is_switched_and_recorded(story, moderator, is_on):
    Story.objects.filter(pk=story.pk).update(judges_topic=not is_on)
    version = story.thread_version

    switch_topic(story=story, is_on=is_on, by=moderator)

    fresh = Story.objects.get(pk=story.pk)
    assert (fresh.judges_topic, story.judges_topic) == (is_on, is_on)
    assert fresh.thread_version == version + 1
    assert fresh.for_engine().judges_topic is is_on
    event = Event.objects.get(tag="story:topic_switched")
    assert (event.subject_id, event.actor_id, event.data) == (story.pk, moderator.pk, {"is_on": is_on})


def test_what_is_there_already_is_no_change(story, moderator):
    switch_topic(story=story, is_on=True, by=moderator)

    assert switched() == []
    assert Story.objects.get(pk=story.pk).thread_version == story.thread_version


def test_readers_cannot(story, reader):
    with pytest.raises(PermissionDenied):
        switch_topic(story=story, is_on=False, by=reader)

    assert Story.objects.get(pk=story.pk).judges_topic
    assert switched() == []


def test_administrators_can(story, account):
    switch_topic(story=story, is_on=False, by=account("Chief", "admin"))

    assert switched() == [{"is_on": False}]
