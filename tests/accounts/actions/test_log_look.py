"""Every look at private data is written down, before anything is shown."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.accounts.actions.grant_role import grant_role
from belowline.accounts.actions.log_look import log_look
from belowline.events.models import Event


def test_a_look_at_an_account(moderator, reader):
    event = log_look(by=moderator, about=reader, what="e-mail address")

    assert Event.objects.get(tag="account:looked_at") == event
    assert (event.subject_id, event.actor_id, event.site_id) == (reader.pk, moderator.pk, None)
    assert event.data == {"what": "e-mail address"}


def test_a_look_at_a_notice(moderator, give_notice, site):
    notice = give_notice()
    event = log_look(by=moderator, about=notice, what="name and address", site=site)

    assert (event.tag, event.subject_id, event.site_id) == ("notice:looked_at", notice.pk, site.pk)


def test_each_look_is_one(moderator, reader):
    for _ in range(3):
        log_look(by=moderator, about=reader, what="notes")

    assert Event.objects.filter(tag="account:looked_at").count() == 3


@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_who_may_not_look(account, reader, site, role):
    somebody = account("Somebody", role)
    for where in ({}, {"site": site}):
        with pytest.raises(PermissionDenied):
            log_look(by=somebody, about=reader, what="notes", **where)
    assert not Event.objects.filter(tag="account:looked_at").exists()


def test_a_moderator_of_a_section_looks_there(account, reader, site, other_site):
    local = account("Local")
    grant_role(user=local, role="moderator", by=None, site=site, section="sport")

    log_look(by=local, about=reader, what="notes")
    log_look(by=local, about=reader, what="notes", site=site, section="sport")
    for where in ({"site": site}, {"site": other_site, "section": "sport"}):
        with pytest.raises(PermissionDenied):
            log_look(by=local, about=reader, what="notes", **where)


@pytest.mark.parametrize("what", ["", "x" * 51])
def test_it_says_at_what(moderator, reader, what):
    with pytest.raises(ValueError, match="a word or two"):
        log_look(by=moderator, about=reader, what=what)


def test_only_what_has_a_log(moderator, published):
    with pytest.raises(ValueError, match="an account or a notice"):
        log_look(by=moderator, about=published, what="notes")
