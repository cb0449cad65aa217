"""Giving a saved filter up."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.delete_filter import delete_filter
from belowline.moderation.actions.save_filter import save_filter
from belowline.moderation.filter_models import SavedFilter
from belowline.moderation.queue_order import Narrowed


@pytest.fixture
def saved(site, moderator):
    return save_filter(owner=moderator, name="News", terms=Narrowed(site="gazette"), is_shared=True)


@pytest.mark.parametrize("who", ["moderator", "admin"], ids=["its owner", "an administrator"])
def test_who_may(saved, who, request):
    by = request.getfixturevalue(who)
    pk = saved.pk
    delete_filter(saved=saved, by=by)

    assert not SavedFilter.objects.exists()
    event = Event.objects.get(tag="filter:deleted")
    assert (event.subject_id, event.actor_id) == (pk, by.pk)


@pytest.mark.parametrize("who", ["other_moderator", "reader"])
def test_who_may_not(saved, who, request):
    with pytest.raises(PermissionDenied):
        delete_filter(saved=saved, by=request.getfixturevalue(who))

    assert SavedFilter.objects.exists()


def test_whoever_is_no_moderator_any_more(saved, moderator):
    moderator.role = "reader"
    moderator.save()
    with pytest.raises(PermissionDenied):
        delete_filter(saved=saved, by=moderator)


def test_twice_is_no_error_and_one_event(saved, moderator):
    again = SavedFilter.objects.get()
    delete_filter(saved=saved, by=moderator)
    delete_filter(saved=again, by=moderator)

    assert Event.objects.filter(tag="filter:deleted").count() == 1
