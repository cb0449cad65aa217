"""A channel is removed by its owner or an administrator; its address is gone with it."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.notifications.actions.remove_channel import remove_channel
from belowline.notifications.channel_models import Channel


@pytest.mark.parametrize(("kind", "who"), [("mail", "moderator"), ("mail", "admin"), ("slack", "admin")])
def test_removed(request, channel, kind, who):
    row, by = channel(kind), request.getfixturevalue(who)
    remove_channel(channel=row, by=by)

    assert not Channel.objects.exists()
    event = Event.objects.get(tag="channel:removed")
    assert (event.subject_id, event.actor_id, event.data) == (row.pk, by.pk, {"kind": kind})


@pytest.mark.parametrize(("kind", "who"), [("mail", "other_moderator"), ("slack", "moderator"), ("slack", "reader")])
def test_not_by_others(request, channel, kind, who):
    with pytest.raises(PermissionDenied):
        remove_channel(channel=channel(kind), by=request.getfixturevalue(who))
    assert Channel.objects.count() == 1


def test_twice_is_once(channel, admin):
    row = channel()
    remove_channel(channel=row, by=admin)
    remove_channel(channel=row, by=admin)

    assert Event.objects.filter(tag="channel:removed").count() == 1
