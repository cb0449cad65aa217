"""Withdrawing roles: what is held elsewhere stays, and so does the last administrator."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from belowline.accounts.actions.grant_role import grant_role
from belowline.accounts.actions.withdraw_role import withdraw_role
from belowline.accounts.errors import RoleError
from belowline.accounts.models import Grant, User
from belowline.accounts.permissions import Action, may
from belowline.events.models import Event


@pytest.fixture
def many(account, site, other_site):
    """Somebody with a role for everything, on a site, and in a section of it."""
    user = account("Many", "auditor")
    grant_role(user=user, role="moderator", by=None, site=site)
    grant_role(user=user, role="senior", by=None, site=site, section="sport")
    return user


@pytest.mark.parametrize(
    ("role", "where", "left"),
    [
        ("auditor", {}, (False, True, True)),
        ("moderator", {"site": True}, (True, True, True)),
        ("senior", {"site": True, "section": "sport"}, (True, True, True)),
    ],
)
def test_only_there(many, admin, site, role, where, left):  # noqa: PLR0917
    where = where | ({"site": site} if "site" in where else {})
    withdraw_role(user=many, role=role, by=admin, **where)

    assert may(many, Action.SEE_DESK) is left[0]
    assert many.has_local_role is left[1]
    assert many.is_staff is left[2]
    assert may(many, Action.DECIDE, site=site) is (role != "moderator")
    assert may(many, Action.BAN, site=site, section="sport") is (role != "senior")
    event = Event.objects.get(tag="account:role_withdrawn")
    section = where.get("section", "")
    assert (event.subject_id, event.site_id, event.actor_id, event.data) == (
        many.pk,
        site.pk if where else None,
        admin.pk,
        {"role": role, "section": section},
    )


def test_whoever_holds_none_any_more_is_a_reader(many, site):
    withdraw_role(user=many, role="auditor", by=None)
    withdraw_role(user=many, role="moderator", by=None, site=site)
    assert many.is_staff
    withdraw_role(user=many, role="senior", by=None, site=site, section="sport")

    assert (many.role, many.has_local_role, many.is_staff) == ("reader", False, False)


@pytest.mark.parametrize(
    ("role", "where"),
    [
        ("moderator", {}),
        ("reader", {}),
        ("senior", {"site": True}),
        ("moderator", {"site": True, "section": "sport"}),
        ("moderator", {"other": True}),
    ],
)
def test_what_is_not_held_there(many, admin, site, other_site, role, where):  # noqa: PLR0917
    place = {"section": where.get("section", "")}
    place["site"] = other_site if "other" in where else site if "site" in where else None
    with pytest.raises(RoleError) as caught:
        withdraw_role(user=many, role=role, by=admin, **place)

    assert caught.value.code == "nothing_to_withdraw"
    assert (User.objects.get(pk=many.pk).role, Grant.objects.count()) == ("auditor", 2)
    assert not Event.objects.filter(tag="account:role_withdrawn").exists()


@pytest.mark.parametrize("role", ["reader", "auditor", "moderator", "senior", "editor"])
def test_only_administrators_withdraw(account, many, site, role):
    other = account("Other", role)
    for held, where in (("auditor", {}), ("moderator", {"site": site})):
        with pytest.raises(PermissionDenied):
            withdraw_role(user=many, role=held, by=other, **where)


def test_an_administrator_of_a_site_withdraws_there(account, many, site, other_site):
    local = account("Local")
    grant_role(user=local, role="admin", by=None, site=other_site)
    with pytest.raises(PermissionDenied):
        withdraw_role(user=many, role="moderator", by=local, site=site)
    grant_role(user=local, role="admin", by=None, site=site)

    withdraw_role(user=many, role="moderator", by=local, site=site)
    with pytest.raises(PermissionDenied):
        withdraw_role(user=many, role="auditor", by=local)


def test_the_last_administrator_stays(admin, account):
    account("Gone", "admin", is_active=False)
    for by in (admin, None):
        with pytest.raises(RoleError) as caught:
            withdraw_role(user=admin, role="admin", by=by)
        assert caught.value.code == "last_administrator"

    second = account("Second", "admin")
    withdraw_role(user=admin, role="admin", by=admin)
    with pytest.raises(RoleError):
        withdraw_role(user=second, role="admin", by=second)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_withdraw_each_others_role(account):
    pair = [account("First", "admin"), account("Second", "admin")]
    start, said = threading.Barrier(2), []

    def withdraw(by, user):
        start.wait()
        try:
            withdraw_role(user=User.objects.get(pk=user.pk), role="admin", by=User.objects.get(pk=by.pk))
            said.append("done")
        except (RoleError, PermissionDenied) as error:
            said.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=withdraw, args=args) for args in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said.count("done") == 1
    assert User.objects.filter(role="admin").count() == 1
