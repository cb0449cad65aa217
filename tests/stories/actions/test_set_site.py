"""What a site is called and which language it speaks: all that is given, or nothing of it."""

import pytest

from belowline.events.models import Event
from belowline.stories.actions.set_site import SiteChanges, set_site
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Site


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "The New Gazette"),
        ("language", "de"),
        ("language", "pt-br"),
        ("contact_email", ""),
        ("contact_email", "talk@gazette.example"),
        ("requires_verified_email", False),
    ],
)
def test_one_thing_is_changed_and_recorded(site, field, value):
    before = Site.objects.filter(pk=site.pk).values().get()
    assert set_site(site=site, changes=SiteChanges()._replace(**{field: value})) == [field]

    assert Site.objects.filter(pk=site.pk).values().get() == {**before, field: value}
    assert getattr(site, field) == value
    event = Event.objects.get(tag="site:set")
    assert (event.subject_id, event.site_id, event.data) == (site.pk, site.pk, {"changed": [field]})


def test_pages_that_are_kept_are_made_anew(site, story, other_site, make_story):
    elsewhere = make_story(other_site)
    before = (story.thread_version, elsewhere.thread_version)
    set_site(site=site, changes=SiteChanges(language="ar"))
    for one in (story, elsewhere):
        one.refresh_from_db()

    assert (story.thread_version, elsewhere.thread_version) == (before[0] + 1, before[1])


def test_the_same_again_changes_nothing(site, story):
    before = story.thread_version
    assert set_site(site=site, changes=SiteChanges(name=site.name, requires_verified_email=True)) == []

    story.refresh_from_db()
    assert story.thread_version == before
    assert not Event.objects.filter(tag="site:set").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (SiteChanges(name=""), "name: "),
        (SiteChanges(name="x" * 101), "name: "),
        (SiteChanges(name="a\x00b"), "null character"),
        (SiteChanges(language="Deutsch"), "language: "),
        (SiteChanges(language="de-abcdefgh"), "language: "),
        (SiteChanges(contact_email="nobody"), "contact_email: "),
    ],
)
def test_what_is_refused_changes_nothing(site, changes, words):
    with pytest.raises(StoryInputError, match=words):
        set_site(site=site, changes=changes._replace(requires_verified_email=False))

    assert Site.objects.get(pk=site.pk).requires_verified_email
    assert not Event.objects.filter(tag="site:set").exists()
