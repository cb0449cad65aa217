"""The sections of a site, named by stories or by editors."""

from belowline.stories.models import Section
from belowline.stories.sections import sections_of


def test_those_of_stories_and_those_that_somebody_spoke_of(site, other_site, make_story):
    make_story(site, "one", section="news")
    make_story(site, "two", section="news")
    make_story(site, "three", section="Arts")
    make_story(site, "four", section="")
    make_story(other_site, "five", section="elsewhere")
    Section.objects.create(site=site, name="sport", mode="closed")
    Section.objects.create(site=site, name="news", slow_seconds=30)
    found = sections_of(site)
    assert [(one.name, one.stories) for one in found] == [("", 4), ("Arts", 1), ("news", 2), ("sport", 0)]
    assert [(one.says.mode, one.says.slow_seconds) for one in found] == [
        ("", None),
        ("", None),
        ("", 30),
        ("closed", None),
    ]
    assert found[0].says.pk is None
    assert found[2].says.pk is not None


def test_a_site_that_has_spoken(site):
    Section.objects.create(site=site, closes_after_hours=72)
    assert [(one.name, one.says.closes_after_hours) for one in sections_of(site)] == [("", 72)]
