"""A paper's look is kept as a whole, or not at all."""

import pytest

from belowline.events.models import Event
from belowline.stories.actions.save_theme import save_theme
from belowline.stories.models import Site
from belowline.stories.theme import ThemeError


def test_a_theme_is_kept_and_recorded(site, story):
    assert save_theme(site=site, theme={"accent": "#8A1C2B", "radius": ""}) == {"accent": "#8a1c2b"}

    assert Site.objects.get(pk=site.pk).theme == {"accent": "#8a1c2b"}
    event = Event.objects.get(tag="site:themed")
    assert (event.subject_id, event.site_id, event.data) == (site.pk, site.pk, {"properties": ["accent"]})


def test_pages_that_are_kept_name_the_new_sheet(site, story, other_site, make_story):
    elsewhere = make_story(other_site)
    before = (story.thread_version, elsewhere.thread_version)
    save_theme(site=site, theme={"accent": "#8a1c2b"})
    for one in (story, elsewhere):
        one.refresh_from_db()

    assert (story.thread_version, elsewhere.thread_version) == (before[0] + 1, before[1])


def test_it_takes_the_place_of_the_one_before(site):
    save_theme(site=site, theme={"accent": "#8a1c2b", "radius": "2px"})
    save_theme(site=site, theme={"text": "110%"})
    assert Site.objects.get(pk=site.pk).theme == {"text": "110%"}

    save_theme(site=site, theme={})
    assert Site.objects.get(pk=site.pk).theme == {}


@pytest.mark.parametrize("theme", [{"accent": "#ffff00"}, {"accent": "red"}, {"nothing": "1"}])
def test_a_refused_theme_changes_nothing(site, theme):
    with pytest.raises(ThemeError):
        save_theme(site=site, theme={"radius": "2px", **theme})

    assert Site.objects.get(pk=site.pk).theme == {}
    assert not Event.objects.filter(tag="site:themed").exists()
