"""An editor says how a section is discussed, and with it all its stories."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.stories.actions.set_section import set_section
from belowline.stories.discussion import discussion_state
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Section, Story


def versions():
    return dict(Story.objects.values_list("key", "thread_version"))


@pytest.fixture
def sport(site, make_story):
    return make_story(site, "match", title="Six nil", section="sport")


def test_a_section_and_its_stories_pages(story, sport, senior):
    before = versions()
    row = set_section(site=story.site, name="sport", controls={"mode": "premoderated", "slow_seconds": 60}, by=senior)
    assert (row.name, row.mode, row.slow_seconds, row.closes_after_hours) == ("sport", "premoderated", 60, None)
    assert versions() == before | {"match": before["match"] + 1}
    assert discussion_state(sport).is_premoderated
    assert not discussion_state(story).is_premoderated
    event = Event.objects.get(tag="section:set")
    assert (event.subject_id, event.site_id, event.actor_id) == (row.pk, story.site_id, senior.pk)
    assert event.data == {"name": "sport", "changed": ["mode", "slow_seconds"]}


def test_the_whole_site(story, sport, other_site, make_story, senior):
    make_story(other_site, "elsewhere")
    before = versions()
    set_section(site=story.site, name="", controls={"closes_after_hours": 72}, by=senior)
    assert {key for key, version in versions().items() if version > before[key]} == {"bridge", "match"}
    assert discussion_state(sport).closes_at is not None


def test_what_is_not_named_stays(story, senior):
    for controls in ({"mode": "closed", "closed_reason": "capacity"}, {"slow_seconds": 5}, {"mode": ""}):
        set_section(site=story.site, name="news", controls=controls, by=senior)
    row = Section.objects.get(name="news")
    assert (row.mode, row.closed_reason, row.slow_seconds) == ("", "capacity", 5)
    assert Section.objects.count() == 1


def test_the_same_again_is_no_event(story, senior):
    set_section(site=story.site, name="news", controls={"mode": "closed"}, by=senior)
    before = versions()
    set_section(site=story.site, name="news", controls={"mode": "closed"}, by=senior)
    assert Event.objects.filter(tag="section:set").count() == 1
    assert versions() == before


def test_readers_cannot(site, reader):
    with pytest.raises(PermissionDenied):
        set_section(site=site, name="", controls={"mode": "closed"}, by=reader)
    assert not Section.objects.exists()


@pytest.mark.parametrize("name", ["x" * 101, "a\x00b"])
def test_a_name_that_no_section_has(site, senior, name):
    with pytest.raises(StoryInputError):
        set_section(site=site, name=name, controls={"mode": "closed"}, by=senior)
    assert not Section.objects.exists()


def test_a_wrong_value_leaves_no_row(site, senior):
    with pytest.raises(StoryInputError):
        set_section(site=site, name="news", controls={"mode": "ajar"}, by=senior)
    assert not Section.objects.exists()
