"""Keeping a part of the work under a name."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions import save_filter as module
from belowline.moderation.actions.save_filter import save_filter
from belowline.moderation.errors import DecidingError
from belowline.moderation.filter_models import SavedFilter
from belowline.moderation.filters import terms_of
from belowline.moderation.queue_order import Narrowed


def test_all_terms_come_back(story, moderator):
    terms = Narrowed("gazette", "news", "en", story.pk, "links")
    saved = save_filter(owner=moderator, name="  Night   desk ", terms=terms, is_shared=True)

    saved.refresh_from_db()
    assert terms_of(saved) == terms
    assert (saved.name, saved.owner, saved.is_shared) == ("Night desk", moderator, True)


def test_it_is_written_down(site, moderator):
    saved = save_filter(owner=moderator, name="News", terms=Narrowed(site="gazette"))

    event = Event.objects.get(tag="filter:saved")
    assert (event.subject_id, event.actor_id, event.site_id) == (saved.pk, moderator.pk, site.pk)
    assert event.data == {"is_shared": False}


def test_the_same_name_is_replaced_for_its_owner_alone(site, moderator, other_moderator):
    first = save_filter(owner=moderator, name="Mine", terms=Narrowed(section="news"))
    save_filter(owner=other_moderator, name="Mine", terms=Narrowed(section="arts"))
    again = save_filter(owner=moderator, name="Mine", terms=Narrowed(language="de"), is_shared=True)

    assert again.pk == first.pk
    assert terms_of(again) == Narrowed(language="de")
    assert SavedFilter.objects.get(owner=other_moderator).section == "arts"


@pytest.mark.parametrize(
    ("name", "terms", "code"),
    [
        pytest.param("", Narrowed(section="news"), "filter_nameless", id="no name"),
        pytest.param(" \x00 ", Narrowed(section="news"), "filter_nameless", id="blanks"),
        pytest.param("n" * 61, Narrowed(section="news"), "filter_nameless", id="a long name"),
        pytest.param("All", Narrowed(), "filter_empty", id="everything"),
        pytest.param("Gone", Narrowed(site="nope"), "filter_unknown", id="a site that is not there"),
        pytest.param("Gone", Narrowed(story=999_999), "filter_unknown", id="a story that is not there"),
    ],
)
def test_what_is_wrong_is_refused(site, moderator, name, terms, code):
    with pytest.raises(DecidingError) as refused:
        save_filter(owner=moderator, name=name, terms=terms)

    assert refused.value.code == code
    assert not SavedFilter.objects.exists()


def test_the_longest_name_fits(site, moderator):
    assert save_filter(owner=moderator, name="n" * 60, terms=Narrowed(section="news")).name == "n" * 60


def test_there_is_an_end_to_them(site, moderator, other_moderator, monkeypatch):
    monkeypatch.setattr(module, "MAX_FILTERS", 2)
    for name in ("One", "Two"):
        save_filter(owner=moderator, name=name, terms=Narrowed(section="news"))
    with pytest.raises(DecidingError) as refused:
        save_filter(owner=moderator, name="Three", terms=Narrowed(section="news"))

    assert refused.value.code == "too_many_filters"
    save_filter(owner=moderator, name="Two", terms=Narrowed(section="arts"))  # that one may still be replaced
    save_filter(owner=other_moderator, name="Three", terms=Narrowed(section="news"))
    assert SavedFilter.objects.count() == 3


def test_readers_are_refused(site, reader):
    with pytest.raises(PermissionDenied):
        save_filter(owner=reader, name="Mine", terms=Narrowed(section="news"))
