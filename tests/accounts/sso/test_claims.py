"""What claims become: addresses that count only where the key is trusted, roles that stay below the key's."""

import time

import pytest

from belowline.accounts.models import SsoKey
from belowline.accounts.sso.claims import CORAL_ROLES, read_claims
from belowline.accounts.sso.errors import SsoError

NOW = 1_700_000_000


def read(person=None, *, kind="belowline", now=NOW, **fields):
    """What is read from the claims of a person, by a key with these fields."""
    times = {"iat": NOW, "exp": NOW + 60, "jti": "1"}
    if kind == "coral":
        payload = times | {"user": {"id": "7", "email": "zoe@gazette.example", "username": "Zoë"} | (person or {})}
    else:
        payload = times | {"sub": "7"} | (person or {})
    return read_claims(payload, SsoKey(kind=kind, **fields), now)


def test_the_least_that_a_token_says():
    claims = read()

    assert (claims.subject, claims.name, claims.email, claims.role, claims.language) == ("7", "", "", None, "")
    assert (claims.is_email_verified, claims.jti, claims.expires_at) == (False, "1", NOW + 60)


@pytest.mark.parametrize(
    ("trusts", "says", "verified"),
    [
        (True, True, True),
        (False, True, False),
        (True, False, False),
        (True, None, False),
        (True, "true", False),
        (True, "false", False),
        (True, 1, False),
        (True, [True], False),
    ],
)
def test_an_address_counts_where_the_publisher_says_so_and_is_trusted(trusts, says, verified):
    claims = read({"email": "Zoe@Gazette.Example", "email_verified": says}, trusts_email=trusts)

    assert (claims.email, claims.is_email_verified) == ("zoe@gazette.example", verified)


@pytest.mark.parametrize("trusts", [True, False])
def test_corals_addresses_count_where_the_key_is_trusted(trusts):
    assert read(kind="coral", trusts_email=trusts).is_email_verified is trusts


def test_no_address_is_never_verified():
    assert not read({"email_verified": True}, trusts_email=True).is_email_verified
    assert not read({"email": "", "email_verified": True}, trusts_email=True).is_email_verified


@pytest.mark.parametrize(
    ("role", "highest", "granted"),
    [
        ("reader", "reader", "reader"),
        ("moderator", "reader", "reader"),
        ("admin", "reader", "reader"),
        ("moderator", "moderator", "moderator"),
        ("admin", "moderator", "moderator"),
        ("admin", "admin", "admin"),
        ("reader", "admin", "reader"),
        ("auditor", "reader", "reader"),
        ("auditor", "moderator", "auditor"),
        ("senior", "moderator", "moderator"),
        ("editor", "senior", "senior"),
        ("senior", "admin", "senior"),
        ("ADMIN", "admin", None),
        ("root", "admin", None),
        (["admin"], "admin", None),
        (None, "admin", None),
    ],
)
def test_no_role_above_the_keys(role, highest, granted):
    assert read({"role": role}, highest_role=highest).role == granted


@pytest.mark.parametrize(("role", "ours"), CORAL_ROLES.items())
def test_corals_roles(role, ours):
    assert read({"role": role}, kind="coral", highest_role="admin").role == ours
    assert read({"role": role}, kind="coral", highest_role="reader").role == "reader"
    assert read({"role": role.lower()}, kind="coral", highest_role="admin").role is None


@pytest.mark.parametrize(
    ("language", "kept"),
    [("de", "de"), ("fr-CA", "fr"), ("tlh", ""), ("", ""), ("x" * 600, ""), ("de\x00", ""), (7, ""), (None, "")],
    ids=str,
)
def test_a_language_that_pages_have(language, kept):
    assert read({"language": language}).language == kept


@pytest.mark.parametrize(("lifetime", "fits"), [(59, False), (60, True), (61, True)])
def test_how_long_a_token_may_live(lifetime, fits):
    if fits:
        assert read(lifetime_seconds=lifetime).expires_at == NOW + 60
        return
    with pytest.raises(SsoError, match="59 seconds at most") as caught:
        read(lifetime_seconds=lifetime)
    assert caught.value.code == "sso_lifetime"


def test_a_token_without_a_beginning_begins_now():
    payload = {"exp": NOW + 60, "user": {"id": "7", "email": "zoe@gazette.example", "username": "Zoë"}}
    key = SsoKey(kind="coral", lifetime_seconds=100)

    assert read_claims(payload, key, NOW).expires_at == NOW + 60
    with pytest.raises(SsoError):
        read_claims(payload, key, NOW - 41)
    with pytest.raises(SsoError):
        read_claims(payload, SsoKey(kind="belowline", lifetime_seconds=100), time.time())


def test_a_name_is_taken_as_it_is_but_not_endless():
    assert read({"name": "<b>Zoë</b>\x00"}).name == "<b>Zoë</b>\x00"
    assert len(read({"name": "Z" * 5_000}).name) == 500
