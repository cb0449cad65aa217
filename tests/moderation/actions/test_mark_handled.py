"""A published comment that was listed for a desk is ticked off; it stays published."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from belowline.events.models import Event
from belowline.moderation.actions.mark_handled import mark_handled
from belowline.moderation.desks import listed_at
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision


def test_it_leaves_the_list_and_the_event_says_who(correction, moderator):
    mark_handled(comment=correction, desk="corrections", by=moderator)

    correction.refresh_from_db()
    assert not listed_at("corrections").exists()
    assert (correction.status, Decision.objects.count()) == ("published", 1)
    event = Event.objects.get(tag="comment:handled")
    assert (event.subject_id, event.actor_id, event.data) == (correction.pk, moderator.pk, {"desk": "corrections"})


@pytest.mark.parametrize("desk", ["newsroom", "moderators", "kitchen"])
def test_only_from_the_list_that_it_is_on(correction, moderator, desk):
    with pytest.raises(DecidingError) as caught:
        mark_handled(comment=correction, desk=desk, by=moderator)

    assert caught.value.code == "not_listed"
    assert listed_at("corrections").get() == correction


def test_twice_is_once(correction, moderator):
    mark_handled(comment=correction, desk="corrections", by=moderator)

    with pytest.raises(DecidingError):
        mark_handled(comment=correction, desk="corrections", by=moderator)
    assert Event.objects.filter(tag="comment:handled").count() == 1


def test_readers_cannot(correction, reader):
    with pytest.raises(PermissionDenied):
        mark_handled(comment=correction, desk="corrections", by=reader)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(correction, moderator):
    def press(_):
        try:
            mark_handled(comment=correction, desk="corrections", by=moderator)
        except DecidingError:
            return 0
        finally:
            connections.close_all()
        return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1
    assert Event.objects.filter(tag="comment:handled").count() == 1
