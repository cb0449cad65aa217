"""Giving roles: by administrators, each at their own place, and never so that nobody could change the rules."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from belowline.accounts.actions.grant_role import grant_role
from belowline.accounts.errors import RoleError
from belowline.accounts.models import Grant, User
from belowline.accounts.permissions import Action, may
from belowline.events.models import Event

ROLES = ["auditor", "moderator", "senior", "editor", "admin"]


def events():
    rows = Event.objects.filter(tag="account:role_granted").order_by("pk")
    return [(row.subject_id, row.site_id, row.actor_id, row.data) for row in rows]


@pytest.mark.parametrize("role", ROLES)
def test_for_everything(reader, admin, role):
    assert grant_role(user=reader, role=role, by=admin)

    assert (User.objects.get(pk=reader.pk).role, reader.role, reader.has_local_role) == (role, role, False)
    assert events() == [(reader.pk, None, admin.pk, {"role": role, "earlier": "reader", "section": ""})]


@pytest.mark.parametrize("section", ["", "sport"], ids=["a site", "a section"])
def test_at_a_place(reader, admin, site, section):
    assert grant_role(user=reader, role="senior", by=admin, site=site, section=section)

    grant = Grant.objects.get()
    assert (grant.user, grant.role, grant.site, grant.section, grant.granted_by) == (
        reader,
        "senior",
        site,
        section,
        admin,
    )
    assert (reader.role, reader.has_local_role, reader.is_staff) == ("reader", True, True)
    assert events() == [(reader.pk, site.pk, admin.pk, {"role": "senior", "earlier": "reader", "section": section})]


@pytest.mark.parametrize("place", ["everything", "site"])
def test_twice_is_once(reader, admin, site, place):
    where = {"site": site} if place == "site" else {}
    assert grant_role(user=reader, role="editor", by=admin, **where)

    assert not grant_role(user=reader, role="editor", by=admin, **where)
    assert len(events()) == 1


@pytest.mark.parametrize("place", ["everything", "site"])
def test_another_role_takes_the_place_of_the_one_there(reader, admin, site, place):
    where = {"site": site} if place == "site" else {}
    for role in ("moderator", "senior"):
        grant_role(user=reader, role=role, by=admin, **where)

    assert [event[3]["earlier"] for event in events()] == ["reader", "moderator"]
    assert may(reader, Action.BAN, **where)
    assert Grant.objects.count() == (1 if place == "site" else 0)


def test_the_operator_needs_no_account(reader, site):
    grant_role(user=reader, role="admin", by=None)
    grant_role(user=reader, role="editor", by=None, site=site)

    assert [event[2] for event in events()] == [None, None]
    assert Grant.objects.get().granted_by is None


@pytest.mark.parametrize("role", ["reader", *ROLES[:-1]])
def test_only_administrators_give_roles(account, reader, site, role):
    other = account("Other", role)
    for where in ({}, {"site": site}, {"site": site, "section": "sport"}):
        with pytest.raises(PermissionDenied):
            grant_role(user=reader, role="auditor", by=other, **where)
    assert not events()


def test_an_administrator_of_a_site_gives_roles_there(account, reader, site, other_site):
    local = account("Local")
    grant_role(user=local, role="admin", by=None, site=site)

    for where in ({}, {"site": other_site}):
        with pytest.raises(PermissionDenied):
            grant_role(user=reader, role="auditor", by=local, **where)
    grant_role(user=reader, role="admin", by=local, site=site, section="sport")
    with pytest.raises(PermissionDenied):
        grant_role(user=local, role="auditor", by=reader, site=site)
    grant_role(user=local, role="auditor", by=reader, site=site, section="sport")
    assert may(local, Action.MANAGE_PEOPLE, site=site)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "reader"}, "unknown_role"),
        ({"role": "root"}, "unknown_role"),
        ({"role": ""}, "unknown_role"),
        ({"section": "sport"}, "unknown_section"),
        ({"site": True, "section": "x" * 101}, "unknown_section"),
        ({"site": True, "section": "a\x00b"}, "unknown_section"),
    ],
)
def test_what_cannot_be_given(reader, admin, site, changes, code):
    if "site" in changes:
        changes = changes | {"site": site}
    with pytest.raises(RoleError) as caught:
        grant_role(**{"user": reader, "role": "moderator", "by": admin} | changes)

    assert caught.value.code == code
    assert not events()


@pytest.mark.parametrize("place", ["everything", "site"])
def test_a_closed_account_gets_none(reader, admin, site, place):
    User.objects.filter(pk=reader.pk).update(is_active=False)
    with pytest.raises(RoleError) as caught:
        grant_role(user=reader, role="moderator", by=admin, **({"site": site} if place == "site" else {}))

    assert caught.value.code == "account_not_active"
    assert not Grant.objects.exists()


def test_the_last_administrator_takes_no_lower_role(admin, account, site):
    account("Gone", "admin", is_active=False)
    local = account("Local")
    grant_role(user=local, role="admin", by=None, site=site)
    with pytest.raises(RoleError) as caught:
        grant_role(user=admin, role="editor", by=admin)

    assert caught.value.code == "last_administrator"
    assert User.objects.get(pk=admin.pk).role == "admin"
    account("Second", "admin")
    assert grant_role(user=admin, role="editor", by=admin)


def test_the_database_keeps_one_role_for_a_place_and_no_readers(reader, site):
    Grant.objects.create(user=reader, role="editor", site=site)
    for row in ({"role": "senior"}, {"role": "reader", "section": "sport"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(user=reader, site=site, **row)
