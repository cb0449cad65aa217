"""Readers who arrive with a token: new ones, known ones, and those that a token must not become."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.utils import timezone

from belowline.accounts.actions.accept_token import accept_token
from belowline.accounts.actions.grant_role import grant_role
from belowline.accounts.models import Grant, Identity, UsedToken, User
from belowline.accounts.permissions import Action, may, sites_for
from belowline.accounts.sso.errors import SsoError
from belowline.events.models import Event

pytestmark = pytest.mark.django_db


def code_of(token, **options):
    with pytest.raises(SsoError) as caught:
        accept_token(token=token, **options)
    return caught.value.code


def test_a_new_reader_gets_an_account(publisher, site):
    gazette = publisher(trusts_email=True)
    arrival = accept_token(token=gazette.token(language="de"))
    user = User.objects.get()

    assert arrival == (user, gazette.key)
    assert (user.email, user.display_name, user.role, user.language) == (
        "zoe@gazette.example",
        "Zoë Pascoe",
        "reader",
        "de",
    )
    assert not user.has_usable_password()
    assert Identity.objects.get(site=site, subject="r-7").user == user
    assert EmailAddress.objects.get(user=user).verified
    event = Event.objects.get(tag="identity:linked")
    assert (event.actor_id, event.data) == (user.pk, {"key": gazette.key.pk, "created": True})


@pytest.mark.parametrize("kind", ["belowline", "coral"])
def test_an_address_is_confirmed_only_by_a_trusted_key(publisher, kind):
    algorithm = "HS256" if kind == "coral" else "EdDSA"
    user = accept_token(token=publisher(algorithm, kind=kind).token()).user

    assert not EmailAddress.objects.get(user=user).verified


def test_a_reader_who_comes_back_is_the_same(publisher):
    gazette = publisher()
    first = accept_token(token=gazette.token()).user
    again = accept_token(token=gazette.token(name="Another Name", email="new@gazette.example")).user

    assert (again, again.display_name, again.email) == (first, "Zoë Pascoe", "zoe@gazette.example")
    assert Event.objects.filter(tag="identity:linked").count() == 1


def test_two_papers_mean_two_readers(publisher, other_site):
    courier = publisher(site=other_site, issuer="https://courier.example")
    first = accept_token(token=publisher().token()).user
    second = accept_token(token=courier.token(iss="https://courier.example", email="other@courier.example")).user

    assert first != second


def test_a_token_is_used_once(publisher):
    token = publisher().token()
    user = accept_token(token=token).user

    assert code_of(token) == "sso_replayed"
    assert accept_token(token=token, present=user).user == user
    assert code_of(token, present=User.objects.create_user("x@reader.example", display_name="Xenia")) == "sso_replayed"


def test_a_replay_of_the_claims_under_another_signature(publisher):
    """The jti counts, not how the token is written."""
    gazette = publisher("ES256")
    accept_token(token=gazette.token(jti="one"))

    assert code_of(gazette.token(jti="one")) == "sso_replayed"
    assert accept_token(token=gazette.token(jti="two"))


def test_corals_token_without_a_jti_is_used_once_too(publisher):
    coral = publisher("HS256", kind="coral")
    token = coral.token(jti=None)
    accept_token(token=token)

    assert code_of(token) == "sso_replayed"


def test_used_tokens_are_forgotten_when_they_have_expired(publisher, site):
    old = UsedToken.objects.create(site=site, digest="x", expires_at=timezone.now() - timedelta(seconds=1))
    accept_token(token=publisher().token())

    assert not UsedToken.objects.filter(pk=old.pk).exists()
    assert UsedToken.objects.get().expires_at > timezone.now() + timedelta(seconds=300)


# --- names


@pytest.mark.parametrize(
    ("name", "given"),
    [("Marjorie Tench", "Marjorie Tench 2"), ("Moderator", "Reader"), (None, "Reader"), ("\x00", "Reader")],
)
def test_a_name_that_cannot_be_had(publisher, reader, name, given):
    assert accept_token(token=publisher().token(name=name)).user.display_name == given


# --- addresses


def test_a_confirmed_address_leads_to_its_account_where_the_key_is_trusted(publisher, account):
    known = account("Zoë Known", email="zoe@gazette.example")
    arrival = accept_token(token=publisher(trusts_email=True).token(email="ZOE@gazette.example"))

    assert arrival.user == known
    assert Event.objects.get(tag="identity:linked").data["created"] is False


@pytest.mark.parametrize(
    ("trusts", "says", "verified_here"),
    [(False, True, True), (True, False, True), (True, True, False)],
    ids=["the key is not trusted", "the publisher does not say so", "not confirmed here"],
)
def test_otherwise_an_address_that_is_taken_is_left_alone(publisher, account, trusts, says, verified_here):
    known = account("Zoë Known", email="zoe@gazette.example", verified=verified_here)
    user = accept_token(token=publisher(trusts_email=trusts).token(email_verified=says)).user

    assert user != known
    assert not user.has_address
    assert not EmailAddress.objects.filter(user=user).exists()


def test_a_second_address_of_somebody_is_taken_too(publisher, reader):
    EmailAddress.objects.create(user=reader, email="zoe@gazette.example", verified=True, primary=False)

    assert not accept_token(token=publisher().token()).user.has_address


def test_a_reader_without_an_address(publisher):
    gazette = publisher()
    users = [accept_token(token=gazette.token(sub=sub, email=None)).user for sub in ("a", "b")]

    assert len({user.email for user in users}) == 2
    assert not any(user.has_address for user in users)


# --- staff


def local_roles(user):
    """Return site, section and role of all that somebody holds on sites, by site."""
    return list(Grant.objects.filter(user=user).order_by("site__key").values_list("site__key", "section", "role"))


@pytest.mark.parametrize("role", ["moderator", "admin"])
@pytest.mark.parametrize("highest", ["reader", "admin"])
def test_the_address_of_staff_opens_no_account_of_theirs(publisher, account, role, highest):
    staff = account("Gazette Desk", role, email="zoe@gazette.example")
    user = accept_token(token=publisher(trusts_email=True, highest_role=highest).token()).user

    assert user != staff
    assert (user.role, user.has_address) == ("reader", False)


def test_a_reader_who_became_staff_signs_in_themselves(publisher):
    gazette = publisher()
    user = accept_token(token=gazette.token()).user
    User.objects.filter(pk=user.pk).update(role="moderator")

    assert code_of(gazette.token()) == "sso_staff"


@pytest.mark.parametrize(("highest", "code"), [("reader", "sso_staff"), ("auditor", "sso_staff"), ("senior", None)])
def test_a_local_role_counts_as_one(publisher, site, other_site, highest, code):
    gazette = publisher(highest_role=highest)
    user = accept_token(token=gazette.token()).user
    grant_role(user=user, role="senior", by=None, site=other_site, section="sport")

    if code:
        assert code_of(gazette.token()) == code
    else:
        assert accept_token(token=gazette.token()).user == user


def test_the_address_of_local_staff_opens_no_account_of_theirs(publisher, account, other_site):
    staff = account("Courier Desk", email="zoe@gazette.example")
    grant_role(user=staff, role="auditor", by=None, site=other_site)

    assert accept_token(token=publisher(trusts_email=True).token()).user != staff


def test_no_token_takes_what_people_gave_for_everything(publisher):
    gazette = publisher(highest_role="admin")
    user = accept_token(token=gazette.token(role="moderator")).user
    grant_role(user=user, role="admin", by=None)
    user = accept_token(token=gazette.token(role="reader")).user

    assert User.objects.get(pk=user.pk).role == "admin"
    assert (user.has_local_role, local_roles(user)) == (False, [])


def test_a_role_holds_on_the_site_of_the_key_alone(publisher, site, other_site):
    user = accept_token(token=publisher(highest_role="admin").token(role="admin")).user

    assert may(user, Action.CHANGE_POLICY, site=site)
    assert not may(user, Action.SEE_DESK, site=other_site)
    assert not may(user, Action.MANAGE_PEOPLE)
    assert list(sites_for(user, Action.SEE_DESK)) == [site]


def test_a_token_leaves_roles_in_sections_and_elsewhere(publisher, site, other_site):
    gazette = publisher(highest_role="senior")
    user = accept_token(token=gazette.token(role="senior")).user
    grant_role(user=user, role="moderator", by=None, site=site, section="sport")
    grant_role(user=user, role="auditor", by=None, site=other_site)
    user = accept_token(token=gazette.token(role="reader")).user

    assert user.has_local_role
    assert local_roles(user) == [("courier", "", "auditor"), ("gazette", "sport", "moderator")]


@pytest.mark.parametrize(
    ("highest", "role", "granted"),
    [("reader", "admin", "reader"), ("moderator", "moderator", "moderator"), ("moderator", "admin", "moderator")],
)
def test_a_role_is_granted_up_to_the_keys(publisher, highest, role, granted):
    gazette = publisher(highest_role=highest)
    user = accept_token(token=gazette.token(role=role)).user

    held = [("gazette", "", granted)] if granted != "reader" else []
    assert local_roles(user) == held
    assert user.role == User.objects.get().role == "reader"
    assert local_roles(accept_token(token=gazette.token()).user) == held
    assert local_roles(accept_token(token=gazette.token(role="reader")).user) == []
    changes = [
        (event.data["earlier"], event.data["role"]) for event in Event.objects.filter(tag="account:role_granted")
    ]
    assert changes == ([("reader", granted), (granted, "reader")] if granted != "reader" else [])


# --- closed accounts


def test_a_closed_account_stays_closed(publisher):
    gazette = publisher()
    user = accept_token(token=gazette.token()).user
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert code_of(gazette.token()) == "account_not_active"


def test_whoever_deleted_the_account_begins_anew(publisher):
    gazette = publisher()
    user = accept_token(token=gazette.token()).user
    User.objects.filter(pk=user.pk).update(is_active=False, closed_at=timezone.now(), email="gone@no-address.invalid")
    EmailAddress.objects.all().delete()
    again = accept_token(token=gazette.token()).user

    assert again != user
    assert Identity.objects.get().user == again


# --- at the same moment


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_arrives_in_many_windows_at_once(publisher):
    gazette = publisher()
    tokens = [gazette.token() for _ in range(6)]
    tokens += [tokens[0]] * 2

    def arrive(token):
        try:
            return accept_token(token=token).user.pk
        except SsoError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(arrive, tokens))

    assert len({one for one in results if one != "sso_replayed"}) == 1
    assert results.count("sso_replayed") == 2
    assert User.objects.count() == Identity.objects.count() == 1
