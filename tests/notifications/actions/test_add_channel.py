"""Somewhere for digests to go: one's own mail, once; a channel of many by an administrator alone."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.notifications.actions.add_channel import ChannelFields, add_channel
from belowline.notifications.channel_models import Channel
from belowline.notifications.errors import ChannelError

HOOK = ChannelFields("slack", "hourly", label="#desk", address="https://hooks.example/T/B/secret")
MAIL = ChannelFields("mail", "daily")


def refused(fields, by):
    with pytest.raises(ChannelError) as caught:
        add_channel(fields=fields, by=by)
    assert not Channel.objects.filter(label=fields.label, kind=fields.kind).exclude(kind="mail").exists()
    return caught.value.code


@pytest.mark.parametrize("kind", ["slack", "mattermost"])
def test_a_channel_that_many_read(admin, site, kind):
    row = add_channel(fields=HOOK._replace(kind=kind, site=site, section="news", has_excerpts=True), by=admin)

    row.refresh_from_db()
    assert (row.kind, row.frequency, row.site, row.section) == (kind, "hourly", site, "news")
    assert (row.label, row.address, row.user, row.added_by) == ("#desk", HOOK.address, None, admin)
    assert (row.has_excerpts, row.tells_escalations) == (True, True)


def test_the_event_holds_no_address(admin, site):
    row = add_channel(fields=HOOK._replace(site=site), by=admin)

    event = Event.objects.get(tag="channel:added")
    assert (event.subject_id, event.actor_id, event.site_id) == (row.pk, admin.pk, site.pk)
    assert event.data == {"kind": "slack", "frequency": "hourly", "has_excerpts": False}


def test_ones_own_mail(moderator):
    row = add_channel(fields=MAIL._replace(address="https://ignored.example/x"), by=moderator)

    assert (row.user, row.address, row.is_mail) == (moderator, "", True)
    assert refused(MAIL, moderator) == "channel_there"
    assert Channel.objects.count() == 1


def test_an_address_that_is_not_confirmed_gets_nothing(account):
    somebody = account("New Desk", "moderator", verified=False)

    assert refused(MAIL, somebody) == "no_address"


@pytest.mark.parametrize(("fields", "who"), [(HOOK, "moderator"), (HOOK, "reader"), (MAIL, "reader")])
def test_who_may_not(request, fields, who):
    with pytest.raises(PermissionDenied):
        add_channel(fields=fields, by=request.getfixturevalue(who))
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "pigeon"}, "channel_error"),
        ({"frequency": "always"}, "channel_error"),
        ({"section": "news"}, "channel_error"),
        ({"label": "n" * 101}, "channel_error"),
        ({"address": "https://hooks.example/" + "n" * 500}, "channel_error"),
        ({"address": "http://hooks.example/x"}, "hook_not_allowed"),
        ({"address": ""}, "hook_not_allowed"),
    ],
    ids=["kind", "frequency", "section of no site", "long name", "long address", "no https", "no address"],
)
def test_what_is_wrong(admin, changes, code):
    assert refused(HOOK._replace(**changes), admin) == code
